#!/bin/sh
# Creates or refreshes one of the two environments: `scripts/environment.sh root` or `scripts/environment.sh nlu`.
# Needs nothing but an interpreter with pip; uv is fetched into .tools/ where it is not installed.
set -eu
cd "$(dirname "$0")/.."

python() { # path of a working interpreter of version $1; a pyenv shim answers only to PYENV_VERSION
    for name in "python$1" "/usr/bin/python$1" "/usr/local/bin/python$1" python3; do
        PYENV_VERSION=$1 "$name" -c "import sys
if sys.version_info[:2] != tuple(map(int, '$1'.split('.'))): sys.exit(1)
print(sys.executable)" 2>/dev/null && return
    done
    for root in "${PYENV_ROOT:-$HOME/.pyenv}"; do
        for found in "$root"/versions/"$1".*/bin/python; do
            [ -x "$found" ] && echo "$found" && return
        done
    done
    return 1
}

BASE=$(python 3.11 || python 3.12 || python 3.13 || python 3.14) || {
    echo "Kömekshi needs Python 3.11 or newer; none was found on the PATH or in pyenv." >&2
    exit 1
}
UV=uv
"$UV" --version >/dev/null 2>&1 || UV=.tools/bin/uv
"$UV" --version >/dev/null 2>&1 || {
    echo "· fetching uv into .tools/"
    "$BASE" -m pip install --quiet --root-user-action ignore --disable-pip-version-check --target .tools uv==0.13.9
}
export UV_LINK_MODE="${UV_LINK_MODE:-copy}"

sync() { # folder, interpreter, requirements; done again only when the requirements changed
    stamp="$1/.requirements"
    if [ -x "$1/bin/python" ] && cmp -s "$3" "$stamp" && "$1/bin/python" -c "" 2>/dev/null; then
        return
    fi
    echo "· installing $3 into $1"
    [ -x "$1/bin/python" ] && "$1/bin/python" -c "" 2>/dev/null || "$UV" venv --quiet --clear --python "$2" "$1"
    "$UV" pip sync --require-hashes --compile-bytecode --python "$1/bin/python" "$3"
    cp "$3" "$stamp"
}

case "${1:-}" in
root) sync .venv "$BASE" requirements-dev.txt ;;
nlu)
    OLD=$(python 3.10 || "$UV" python find 3.10 2>/dev/null || { "$UV" python install --quiet 3.10 && "$UV" python find 3.10; }) || {
        echo "No Python 3.10 was found or could be fetched: free text is answered by word search only." >&2
        exit 3
    }
    sync nlu/.venv "$OLD" nlu/requirements.txt
    ;;
lock)
    "$UV" pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" requirements.in -o requirements.txt
    "$UV" pip compile --quiet --generate-hashes --universal --python-version 3.11 --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
    "$UV" pip compile --quiet --generate-hashes --python-version 3.10 --custom-compile-command "make lock" nlu/requirements.in -o nlu/requirements.txt
    ;;
*)
    echo "usage: $0 root|nlu|lock" >&2
    exit 2
    ;;
esac
