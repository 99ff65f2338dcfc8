"""The DAG tests run in Airflow's own environment, where `make test` starts them; elsewhere they are skipped.

Airflow's thin Spark client and pyspark can't be installed side by side. `pythonpath` in pyproject.toml makes the DAG
files importable by name, as Airflow does.
"""

import os
import tempfile

import pytest

# Airflow reads it at its first import.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp()
pytest.importorskip("airflow", reason="needs Airflow's environment: make test")
