.DEFAULT_GOAL := help
.PHONY: help demo upgrade test check fmt data generate export mlflow dashboard bench bench-forecast bench-models bench-stream bench-stream-cluster stream-demo produce lock
.PHONY: up stream stop-stream pipeline trigger down clean ps logs sh restart sql hdfs scale smoke doctor
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/bankstack
UV := $(VENV)/bin/uv pip install -q --python

help:  ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^# ---/ {print "\n" substr($$0, 7)} /^[a-z-]+:.*## / {printf "  make %-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- In one process, without Docker
demo: $(VENV)/installed-embedded  ## Run the whole pipeline on the files in BANK_DATA; prints the findings and the report's path
	@$(RUN) demo

data: $(VENV)/installed-embedded  ## Download the two public UCI data sets into BANK_DATA and verify their checksums
	@$(RUN) fetch

generate: $(VENV)/installed-embedded  ## Write synthetic data into BANK_DATA (ROWS=100000 SEED=1)
	@$(RUN) generate --rows $(or $(ROWS),100000) --seed $(or $(SEED),1)

export: $(VENV)/installed-embedded  ## Write a table as a CSV file (TABLE=transactions)
	@$(RUN) export $(or $(TABLE),transactions)

upgrade: $(VENV)/installed-embedded  ## Rename tables and columns of an older version, keeping their rows
	@$(RUN) upgrade

stream-demo: $(VENV)/installed-embedded  ## Stream one minute of a simulated bank in one process; prints metrics and the path of a chart
	@$(RUN) stream-demo

produce: $(VENV)/installed-embedded  ## Send a simulated bank's events to the stream (RATE=500 SPEED=60)
	@$(RUN) produce --rate $(or $(RATE),500) --speed $(or $(SPEED),60)

mlflow: $(VENV)/installed-embedded  ## Browse training runs and models at http://localhost:5050 (PORT=5050)
	@$(VENV)/bin/mlflow ui --host 127.0.0.1 --port $(or $(PORT),5050) --backend-store-uri sqlite:///$(abspath $(or $(BANK_VAR),var))/mlflow.db

dashboard: $(VENV)/installed-embedded  ## Open the stream's live page at http://localhost:8501 (PORT=8501)
	@$(VENV)/bin/streamlit run dashboard/app.py --server.port $(or $(PORT),8501)

# --- The cluster, with Docker
STACK := docker/stack
COMPOSE := $(STACK) compose

up:  ## Check the machine, build, start and wait until every service is healthy; prints addresses and passwords
	@$(STACK) up

smoke:  ## Test every service of the running cluster; prints one line per test
	@$(STACK) smoke $(A)

pipeline:  ## Run all DAGs in order, wait, print the findings and copy the report to var/cluster
	@$(STACK) trigger

trigger:  ## Start one DAG (DAG=ingest) and wait for it (WAIT=1)
	@WAIT=$(WAIT) $(STACK) trigger $(or $(DAG),ingest)

down:  ## Stop the cluster and keep its data
	@$(COMPOSE) --profile stream down --remove-orphans

clean:  ## Delete the cluster and its data after confirmation (FORCE=1 skips it)
	@FORCE=$(FORCE) $(STACK) clean

ps:  ## Show each service's health
	@$(COMPOSE) ps -a --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'

logs:  ## Follow the log of one service or of all (S=hiveserver2)
	@$(COMPOSE) logs --tail 200 --follow $(S)

sh:  ## Open a shell in a service's container (S=airflow-scheduler)
	@$(COMPOSE) exec $(or $(S),airflow-scheduler) bash

restart:  ## Restart a service (S=hiveserver2)
	@$(STACK) restart $(S)

stream:  ## Start live transactions: broker, queries, a simulated bank (STREAM_RATE=50 STREAM_SPEED=1) and the live page
	@$(STACK) stream

stop-stream:  ## Stop live transactions; the next `make stream` resumes from the last checkpoint
	@$(STACK) stop_stream

scale:  ## Change the number of containers: make scale datanode=3 spark-worker=2 nodemanager=2
	@$(STACK) scale $(foreach service,datanode nodemanager spark-worker,$(if $($(service)),$(service)=$($(service))))

sql:  ## Query Hive: open beeline, or run Q="show tables in bank"
	@$(STACK) sql

hdfs:  ## Run an HDFS file command (A="-ls /bank")
	@$(COMPOSE) exec -T -e HADOOP_USER_NAME=$(or $(AS),bank) namenode hdfs dfs $(or $(A),-ls /)

doctor:  ## Check Docker, memory, disk and ports; prints what to fix
	@$(STACK) doctor

# --- For developers
test: $(VENV)/installed-dev $(VENV)-airflow/installed  ## Run every test that does not need Docker
	@$(VENV)-airflow/bin/pytest -q -p no:cacheprovider --confcutdir=tests/dags tests/dags
	@$(VENV)/bin/pytest -n 2 --dist worksteal --ignore=tests/dags

check: $(VENV)/installed-dev  ## Lint and type-check
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/hadolint docker/*/Dockerfile
	@grep -rlE '^#!.*\b(sh|bash)$$' docker .ci requirements | xargs $(VENV)/bin/shellcheck --external-sources --check-sourced

fmt: $(VENV)/installed-dev  ## Format the code and apply automatic fixes
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

bench: $(VENV)/installed-embedded  ## Compare ingest and segments with pandas (ROWS=1000000)
	@$(VENV)/bin/python benchmarks/run.py $(ROWS)
	@$(VENV)/bin/python benchmarks/segments.py $(ROWS)

bench-forecast: $(VENV)/installed-embedded  ## Forecast three years of 50 cities, then find outages in windows of ten minutes (CITIES=50)
	@$(VENV)/bin/python benchmarks/forecast.py $(or $(CITIES),50)
	@$(VENV)/bin/python benchmarks/volume_alerts.py 1 2 3

bench-models: $(VENV)/installed-embedded  ## Train both use cases on BANK_DATA and compare each metric with its goal (about 10 minutes)
	@$(VENV)/bin/python benchmarks/models.py

bench-stream: $(VENV)/installed-embedded  ## Stream 20,000 events a second; prints metrics every 30 seconds, then evaluates the alerts (MINUTES=10 RATE=20000)
	@$(VENV)/bin/python benchmarks/stream.py --minutes $(or $(MINUTES),10) --rate $(or $(RATE),20000)

bench-stream-cluster: $(VENV)/installed-embedded  ## Send 2,000 events a second to the running cluster and measure the delay on the live page (MINUTES=5 RATE=2000)
	@$(VENV)/bin/python benchmarks/stream_cluster.py --minutes $(or $(MINUTES),5) --rate $(or $(RATE),2000)

lock:  ## Compile requirements/*.txt from pyproject.toml and requirements/*.in (needs uv; A="--upgrade-package numpy")
	@requirements/lock.sh $(A)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bankstack needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/bin/uv: requirements/uv.txt | $(VENV)/bin/python
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

# The package itself is installed editable, without dependencies: they come from the lock files, with hashes.
EDITABLE := --no-require-hashes --no-deps --no-build-isolation -e .

$(VENV)/installed-embedded: requirements/embedded.txt pyproject.toml $(VENV)/bin/uv
	@echo "Installing into $(VENV) (once, less than a minute) ..."
	@$(UV) $(VENV) -r $<
	@$(UV) $(VENV) $(EDITABLE)
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt pyproject.toml $(VENV)/bin/uv
	@echo "Installing into $(VENV) (once, less than a minute) ..."
	@$(UV) $(VENV) -r $<
	@$(UV) $(VENV) $(EDITABLE)
	@touch $@ $(VENV)/installed-embedded

# A separate environment: Airflow's thin Spark client and pyspark can't be installed together.
$(VENV)-airflow/installed: requirements/airflow-test.txt pyproject.toml $(VENV)/bin/uv
	@echo "Installing Airflow into $(VENV)-airflow (once, less than a minute) ..."
	@$(VENV)/bin/python -m venv $(VENV)-airflow
	@$(UV) $(VENV)-airflow -r $<
	@$(UV) $(VENV)-airflow $(EDITABLE)
	@touch $@
