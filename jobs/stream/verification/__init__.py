"""Checks of the stream: a batch recomputation, and alerts against labels."""
