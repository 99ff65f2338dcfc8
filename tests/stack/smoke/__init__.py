"""The tests of `make smoke`."""
