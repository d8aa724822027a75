#!/usr/bin/env bash
# The tests at the lowest versions that pyproject.toml allows, and with other versions of Python.
#
# usage: scripts/lowest_versions.sh [pytest options]        such as -m "not slow"
#
# Needs uv. Versions of Python that are not installed are passed over, and said.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

run() {  # name, version of Python, way of choosing versions, options of pytest
    local name=$1 python=$2 resolution=$3
    shift 3
    if ! uv python find --no-project "$python" >/dev/null 2>&1; then
        printf '\n== %s: Python %s is not installed here\n' "$name" "$python"
        return
    fi
    printf '\n== %s: Python %s, %s versions\n' "$name" "$python" "$resolution"
    uv venv --quiet --no-project --python "$python" "$work/$name"
    uv pip install --quiet --python "$work/$name/bin/python" --resolution "$resolution" -e '.[test]'
    "$work/$name/bin/python" -m pytest -q "$@" || status=1
    rm -rf "${work:?}/$name"
}

run lowest 3.11 lowest-direct "$@"
run newer 3.12 highest "$@"
run newest 3.13 highest "$@"
exit $status
