"""The serving database: schema, upserts, health. Used by the stream, the dashboard and the DAG."""
