"""Explore: what the loaded tables hold, described, compared and related to the outcomes."""
