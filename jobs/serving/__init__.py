"""The serving database: its schema, writes and health. Used by the stream, the dashboard and the stream's DAG."""
