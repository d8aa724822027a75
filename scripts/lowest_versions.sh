#!/usr/bin/env bash
# The tests at the lowest versions that pyproject.toml allows, and with other versions of Python.
#
# usage: scripts/lowest_versions.sh [pytest options]        such as -m "not slow"
#
# Needs uv. Versions of Python that are not installed are passed over, and said; ONLY=lowest (newer,
# newest) runs one of the three.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

# Behind the shims of pyenv, which stand for versions that are switched off, lie the real ones.
for folder in "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[1-9]*/bin; do
    [ -d "$folder" ] && PATH=$folder:$PATH
done

run() {  # name, version of Python, way of choosing versions, options of pytest
    local name=$1 python=$2 resolution=$3
    shift 3
    case "${ONLY:-$name}" in "$name") ;; *) return ;; esac
    if ! uv python find --no-project "$python" >/dev/null 2>&1; then
        printf '\n== %s: Python %s is not installed here\n' "$name" "$python"
        return
    fi
    printf '\n== %s: Python %s, %s versions\n' "$name" "$python" "$resolution"
    uv venv --quiet --no-project --python "$python" "$work/$name"
    uv pip install --quiet --python "$work/$name/bin/python" --resolution "$resolution" -e '.[test]'
    # What an old library says of a newer one below it is no fault of this package.
    local old=()
    [ "$resolution" = highest ] || old=(-W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning)
    "$work/$name/bin/python" -m pytest -q "${old[@]}" "$@" || status=1
    rm -rf "${work:?}/$name"
}

run lowest 3.11 lowest-direct "$@"
run newer 3.12 highest "$@"
run newest 3.13 highest "$@"
exit $status
