"""Windows of the stream: Spark's sums, open and closed windows, volume anomalies."""
