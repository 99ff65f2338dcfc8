"""Stage `maintenance`: old versions, leftovers of killed jobs, small files."""
