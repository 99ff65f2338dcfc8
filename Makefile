.DEFAULT_GOAL := help
.PHONY: help demo test check fmt data generate export mlflow dashboard bench bench-models bench-stream bench-stream-cluster stream-demo produce lock
.PHONY: up stream stop-stream pipeline trigger down clean ps logs sh restart sql hdfs scale smoke doctor
PYTHON ?= python3
VENV := .venv
# Another Spark or Hadoop on this machine is not asked.
RUN := env -u SPARK_HOME -u SPARK_CONF_DIR -u HADOOP_CONF_DIR $(VENV)/bin/python -m jobs

help:  ## Show this help
	@awk 'BEGIN {FS = ":.*## "} /^# ---/ {print "\n" substr($$0, 7)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- In one process, without Docker
demo: $(VENV)/installed-embedded  ## Run the whole pipeline on what BANK_DATA holds; prints findings and the report's path
	@$(RUN) demo

data: $(VENV)/installed-embedded  ## Fetch the two public UCI data sets into BANK_DATA, checked by checksum
	@$(RUN) fetch

generate: $(VENV)/installed-embedded  ## Write synthetic data into BANK_DATA (ROWS=100000 SEED=1)
	@$(RUN) generate --rows $(or $(ROWS),100000) --seed $(or $(SEED),1)

export: $(VENV)/installed-embedded  ## Write one table as CSV (TABLE=transactions)
	@$(RUN) export $(or $(TABLE),transactions)

stream-demo: $(VENV)/installed-embedded  ## Stream a minute of a simulated bank in one process; figures and a picture
	@$(RUN) stream-demo

produce: $(VENV)/installed-embedded  ## Send events of a simulated bank to the stream (RATE=500 SPEED=60)
	@$(RUN) produce --rate $(or $(RATE),500) --speed $(or $(SPEED),60)

mlflow: $(VENV)/installed-embedded  ## Open what was trained, at http://localhost:5050 (PORT=5050)
	@$(VENV)/bin/mlflow ui --host 127.0.0.1 --port $(or $(PORT),5050) --backend-store-uri sqlite:///$(abspath $(or $(BANK_VAR),var))/mlflow.db

dashboard: $(VENV)/installed-embedded  ## Open the live page of the stream, at http://localhost:8501 (PORT=8501)
	@PYTHONPATH=. $(VENV)/bin/streamlit run dashboard/app.py --server.port $(or $(PORT),8501)

# --- The cluster, with Docker
STACK := docker/stack
COMPOSE := $(STACK) compose

up:  ## Check the machine, build, start, wait until all is healthy; prints addresses and passwords
	@$(STACK) up

smoke:  ## Prove the running cluster: each service does its work, one line for each proof
	@$(STACK) smoke $(A)

pipeline:  ## Run all DAGs in order, wait, print the findings, and copy the report to var/cluster
	@$(STACK) trigger

trigger:  ## Start one DAG (DAG=ingest), and wait for it (WAIT=1)
	@WAIT=$(WAIT) $(STACK) trigger $(or $(DAG),ingest)

down:  ## Stop the cluster; all data stays
	@$(COMPOSE) --profile stream down --remove-orphans

clean:  ## Delete the cluster with its data, after asking (FORCE=1 does not ask)
	@FORCE=$(FORCE) $(STACK) clean

ps:  ## Each service's health at a glance
	@$(COMPOSE) ps -a --format 'table {{.Service}}\t{{.Status}}\t{{.Ports}}'

logs:  ## Follow the log of a service, or of all (S=hiveserver2)
	@$(COMPOSE) logs --tail 200 --follow $(S)

sh:  ## A shell in a service's container (S=airflow-scheduler)
	@$(COMPOSE) exec $(or $(S),airflow-scheduler) bash

restart:  ## Start a service anew (S=hiveserver2)
	@$(STACK) restart $(S)

stream:  ## Start live transactions: broker, queries, a simulated bank (STREAM_RATE=50 STREAM_SPEED=1), the live page
	@$(STACK) stream

stop-stream:  ## Stop live transactions; the next make stream goes on where they were
	@$(STACK) stop_stream

scale:  ## Run more of a service: make scale datanode=3 spark-worker=2 nodemanager=2
	@$(STACK) scale $(foreach service,datanode nodemanager spark-worker,$(if $($(service)),$(service)=$($(service))))

sql:  ## Ask Hive through beeline, interactively or one query (Q="show tables in bank")
	@$(STACK) sql

hdfs:  ## A file command of HDFS (A="-ls /bank")
	@$(COMPOSE) exec -T -e HADOOP_USER_NAME=$(or $(AS),bank) namenode hdfs dfs $(or $(A),-ls /)

doctor:  ## Check Docker, memory, disk and ports, and name what to mend
	@$(STACK) doctor

# --- For developers
test: $(VENV)/installed-dev $(VENV)-airflow/installed  ## Run every test that needs no Docker
	@$(VENV)-airflow/bin/pytest -q -p no:cacheprovider --confcutdir=tests/dags tests/dags
	@$(VENV)/bin/pytest -n 2 --dist worksteal --ignore=tests/dags

check: $(VENV)/installed-dev  ## Lint and type-check
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/hadolint docker/*/Dockerfile
	@grep -rlE '^#!.*\b(sh|bash)$$' docker .ci | xargs $(VENV)/bin/shellcheck

fmt: $(VENV)/installed-dev  ## Format and mend what can be mended
	@$(VENV)/bin/ruff check --fix . ; $(VENV)/bin/ruff format .

bench: $(VENV)/installed-embedded  ## Measure ingest and segments against pandas (ROWS=1000000), print ratios
	@$(VENV)/bin/python benchmarks/run.py $(ROWS)
	@PYTHONPATH=. $(VENV)/bin/python benchmarks/segments.py $(ROWS)

bench-models: $(VENV)/installed-embedded  ## Train both problems on BANK_DATA, print each figure beside its goal (about 10 minutes)
	@PYTHONPATH=. $(VENV)/bin/python benchmarks/models.py

bench-stream: $(VENV)/installed-embedded  ## Stream 20,000 events a second; figures each half minute, then the alerts judged (MINUTES=10 RATE=20000)
	@PYTHONPATH=. $(VENV)/bin/python benchmarks/stream.py --minutes $(or $(MINUTES),10) --rate $(or $(RATE),20000)

bench-stream-cluster: $(VENV)/installed-embedded  ## 2,000 events a second to the running cluster: how long until the live page has them (MINUTES=5 RATE=2000)
	@PYTHONPATH=. $(VENV)/bin/python benchmarks/stream_cluster.py --minutes $(or $(MINUTES),5) --rate $(or $(RATE),2000)

lock:  ## Make the lock files anew from requirements/*.in (needs uv)
	@for f in jobs dashboard embedded dev hive airflow airflow-test mlflow smoke; do uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header requirements/$$f.in -o requirements/$$f.txt; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "bankstack needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }

$(VENV)/installed-embedded: requirements/embedded.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once, about a minute) ..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/installed-dev: requirements/dev.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) (once, about a minute) ..."
	@$(VENV)/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/installed-embedded

# Of its own: Airflow's thin Spark client and pyspark exclude each other.
$(VENV)-airflow/installed: requirements/airflow-test.txt | $(VENV)/bin/python
	@echo "Installing Airflow into $(VENV)-airflow (once, about a minute) ..."
	@$(VENV)/bin/python -m venv $(VENV)-airflow
	@$(VENV)-airflow/bin/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@
