"""Stage ingest: files in, checked tables out."""
