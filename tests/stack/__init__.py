"""Tests of the running cluster: `smoke/` runs inside its network, the others on the host."""
