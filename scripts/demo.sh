#!/usr/bin/env bash
# The main job on synthetic data: from raw CSV files to recorded decisions.
set -euo pipefail
cd "$(dirname "$0")/.."
export CREDIT_DATA_DIRECTORY=${CREDIT_DATA_DIRECTORY:-demo/data} CREDIT_LOG_LEVEL=${CREDIT_LOG_LEVEL:-WARNING} CREDIT_LOG_FORMAT=${CREDIT_LOG_FORMAT:-console}
clients=${CLIENTS:-6000} trials=${CREDIT_TUNING_TRIALS:-12}
step() { printf '\n\033[1m%s\033[0m\n' "$*"; }

step "1. $clients synthetic clients, as eight CSV files"
.venv/bin/credit-scoring synthesize --output demo/raw --clients "$clients" --seed 1
step "2. From CSV to features, a registered model, scores and reports ($trials tuning trials instead of 50, to save time)"
CREDIT_TUNING_TRIALS=$trials .venv/bin/credit-scoring pipeline --source demo/raw
step "3. Two decisions, recorded in the ledger"
.venv/bin/credit-scoring score --examples
step "4. Reports, tables and pictures"
.venv/bin/credit-scoring reports --collect demo/results
step "5. Next"
echo "make serve     starts the prediction service: http://127.0.0.1:8000/docs"
echo "make tracking  starts MLflow on the runs and models: http://127.0.0.1:5000"
echo "make install-kaggle && .venv/bin/credit-scoring pipeline --source kaggle"
echo "               downloads the real tables with your account and runs the same on them (docs/DATA.md)"
