#!/bin/sh
# The whole cluster from nothing: build, boot, all DAGs, failure, scale and restart tests, proof, down. Prints what each
# stage took, and on failure what the unhealthy services said last. BANK_DATA names the files for the DAGs. Needs Docker,
# make, a Python with pytest and requests: PYTEST names it (default: the developers' .venv), and what `make demo` found.
# A project name of its own, so a running cluster on the same machine loses nothing; ports must be free.
set -eu
cd "$(dirname "$0")/.."
PYTEST=${PYTEST:-.venv/bin/pytest}
COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-bankstack-ci}
export COMPOSE_PROJECT_NAME
begin=$(date +%s)
times=

stage() { # name command...
  name=$1
  shift
  echo "== $name"
  from=$(date +%s)
  "$@" || { echo "== $name: failed after $(($(date +%s) - from)) s"; exit 1; }
  times="$times$(printf '%6s s  %s' $(($(date +%s) - from)) "$name")
"
}

# Whatever happens: what went wrong is shown, and nothing is left behind.
finish() {
  code=$?
  trap - EXIT
  if [ "$code" -ne 0 ]; then docker/stack explain || true; fi
  FORCE=1 docker/stack clean >/dev/null 2>&1 || true
  printf '\n%s%6s s  in all\n' "$times" $(($(date +%s) - begin))
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

host_tests() { "$PYTEST" -q -p no:cacheprovider --confcutdir=tests/stack -m stack "$@"; }

stage "check, build and first boot (make up)" make up
stage "DAGs, as embedded, whatever is killed" host_tests -s tests/stack/test_pipeline.py
stage "secrets, users, ports" host_tests tests/stack/test_secure.py
stage "scale, one DataNode lost" host_tests tests/stack/test_scale.py
stage "power cut, killed services, stop, backup" host_tests tests/stack/test_data_lives.py
stage "damaged and full disks" host_tests tests/stack/test_damage.py
stage "live transactions, whatever is killed" host_tests tests/stack/test_stream.py
# tests/stack/test_apart.py (a second copy, a start without a network) is for a person to run: CI has no time for it.
stage "proof, after all that was done to it (make smoke)" make smoke
stage "make down" make down
