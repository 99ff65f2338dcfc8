"""The jobs: what the bank computes."""
