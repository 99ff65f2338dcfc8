"""Synthetic banking data in the schemas of the real files, with planted truths (`jobs.synthetic.truth`)."""

from jobs.synthetic.datasets import ALL, DATASETS, generate, row_counts, write

__all__ = ["ALL", "DATASETS", "generate", "row_counts", "write"]
