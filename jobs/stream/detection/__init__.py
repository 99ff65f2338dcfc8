"""Fraud detection: keyed state, anomaly scores, thresholds, alert rows."""
