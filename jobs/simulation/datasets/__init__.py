"""Synthetic data sets in the schemas of the real files, with planted effects (`planted_effects.py`)."""

from jobs.simulation.datasets.write_datasets import ALL, DATASETS, generate, row_counts, write

__all__ = ["ALL", "DATASETS", "generate", "row_counts", "write"]
