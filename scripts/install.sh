#!/usr/bin/env bash
# Install one lock file and this package into .venv.
# Usage: scripts/install.sh requirements.txt
set -euo pipefail
cd "$(dirname "$0")/.."
echo "Installing $1"
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1"
.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
