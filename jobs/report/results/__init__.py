"""The parts of results.json."""
