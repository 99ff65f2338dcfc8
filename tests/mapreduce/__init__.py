"""Tests of the five questions."""
