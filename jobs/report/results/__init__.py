"""The blocks of results.json."""
