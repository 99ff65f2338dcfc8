"""Hadoop Streaming on YARN with the project's own mapper and reducer."""
