#!/bin/sh
# Compile the lock files from pyproject.toml and the images' lists; `make lock` runs it. Needs uv and Python 3.11.
# Versions that a lock already names stay. To upgrade one: requirements/lock.sh --upgrade-package xgboost-cpu
set -eu
cd "$(dirname "$0")/.."

lock() { # name, source ...
  name=$1
  shift
  # shellcheck disable=SC2086  # options are words
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
    --no-emit-find-links --output-file "requirements/$name.txt" $options "$@"
}

# The dashboard's image does not need what the jobs import, so only the extra is locked.
dashboard_extra() {
  python3 -c 'import tomllib; extras = tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]
print(*extras["dashboard"], sep="\n")'
}

options=$*
lock jobs pyproject.toml requirements/build.in
lock embedded pyproject.toml requirements/build.in --extra embedded
lock dev pyproject.toml requirements/build.in --extra dev
dashboard_extra | lock dashboard - requirements/build.in
for name in uv hive airflow airflow-test mlflow smoke; do
  lock "$name" "requirements/$name.in"
done
