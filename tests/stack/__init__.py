"""Tests of the running cluster: smoke/ inside its network, the others from the host."""
