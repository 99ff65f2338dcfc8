"""Room ingest: files in, checked tables out."""
