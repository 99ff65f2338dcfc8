"""Verification: recompute the stream's tables as a batch, and evaluate its alerts against labels."""
