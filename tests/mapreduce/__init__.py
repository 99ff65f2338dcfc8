"""Tests of the mapreduce stage."""
