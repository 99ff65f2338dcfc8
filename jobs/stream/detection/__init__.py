"""Fraud detection: the state of each customer and terminal, anomaly scores, thresholds and alerts."""
