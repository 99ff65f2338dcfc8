"""Tests of the stage models."""
