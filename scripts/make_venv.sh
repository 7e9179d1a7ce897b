#!/usr/bin/env bash
# Make .venv with the newest supported Python found, and the installer in it.
set -euo pipefail
cd "$(dirname "$0")/.."

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3.12 python3.11 python3.13 python3; do
        if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "No Python 3.11, 3.12 or 3.13 found. Install one (apt-get install python3) or set PYTHON=/path/to/python." >&2
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

python=$(find_python)
# Debian ships Python without the module that makes environments, and minimal images without OpenMP's runtime.
needed=()
"$python" -c 'import ensurepip, venv' 2>/dev/null || needed+=(python3-venv)
ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || needed+=(libgomp1)
if [ "${#needed[@]}" -gt 0 ]; then
    echo "Installing ${needed[*]} with apt-get"
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "${needed[@]}" >/dev/null
fi
echo "Making .venv with $("$python" --version)"
"$python" -m venv --clear .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt 2>/dev/null \
    || .venv/bin/python -m pip install --require-hashes -r requirements/bootstrap.txt
