#!/bin/sh
# Test the whole cluster from scratch: build, start, run all DAGs, tests of failures, scaling and restarts, smoke test,
# stop. Prints each stage's seconds, and on failure the last log lines of unhealthy services. BANK_DATA names the DAGs'
# files. Needs Docker, make, the results of `make demo`, and pytest with requests (PYTEST; default: the one in .venv).
# Uses its own project name, so a cluster on the same machine loses nothing; ports must be free.
set -eu
cd "$(dirname "$0")/.."
PYTEST=${PYTEST:-.venv/bin/pytest}
COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-bankstack-ci}
BANK_SYNTHETIC=${BANK_SYNTHETIC:-allow} # no public file has call notes
export COMPOSE_PROJECT_NAME BANK_SYNTHETIC
begin=$(date +%s)
times=

stage() { # name command...
  name=$1
  shift
  echo "== $name"
  from=$(date +%s)
  "$@" || { echo "== $name: failed after $(($(date +%s) - from)) s"; exit 1; }
  echo "== $name: $(($(date +%s) - from)) s"
  times="$times$(printf '%6s s  %s' $(($(date +%s) - from)) "$name")
"
}

# However the script ends, show what went wrong and delete the cluster.
finish() {
  code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then docker/stack explain || true; fi
  FORCE=1 docker/stack clean >/dev/null 2>&1 || true
  printf '\n%s%6s s  total\n' "$times" $(($(date +%s) - begin))
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

host_tests() { "$PYTEST" -q -p no:cacheprovider --confcutdir=tests/stack -m stack "$@"; }

stage "check, build and first start (make up)" make up
stage "all DAGs, with killed processes" host_tests -s tests/stack/test_pipeline_cluster.py
stage "secrets, users, ports" host_tests tests/stack/test_security.py
stage "scaling, a lost DataNode" host_tests tests/stack/test_scaling.py
stage "power cut, killed services, stop, backup" host_tests tests/stack/test_durability.py
stage "damaged and full disks" host_tests tests/stack/test_damaged_disks.py
stage "stream, with killed processes" host_tests tests/stack/test_stream_cluster.py
# tests/stack/test_isolation.py (a second copy, a start without a network) takes too long for CI: run it by hand.
stage "smoke test (make smoke)" make smoke
stage "make down" make down
