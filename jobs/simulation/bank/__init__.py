"""A simulated bank that sends live transactions with planted incidents."""
