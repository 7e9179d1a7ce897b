#!/usr/bin/env bash
# Take the definitions of custom resources out of Go modules, so that tests can validate what the chart renders.
# Usage: scripts/kubernetes/install_schemas.sh FOLDER. Without Go nothing is installed, and those tests are skipped.
set -euo pipefail
folder=$1
command -v go >/dev/null || { echo "Go is not installed: custom resources will not be validated."; exit 0; }
mkdir -p "$folder"

take() {  # MODULE@VERSION FILE ...
    local source file
    source=$(cd "$folder" && GOFLAGS=-mod=mod go mod download -json "$1" | sed --quiet 's/^\t"Dir": "\(.*\)",$/\1/p')
    [ -n "$source" ] || { echo "The module $1 cannot be downloaded." >&2; exit 1; }
    shift
    for file in "$@"; do install --mode=0644 "$source/$file" "$folder/"; done
}

operator=jsonnet/prometheus-operator
take github.com/prometheus-operator/prometheus-operator@v0.85.0 \
    $operator/servicemonitors-crd.json $operator/podmonitors-crd.json $operator/probes-crd.json $operator/prometheusrules-crd.json
take github.com/external-secrets/external-secrets@v1.3.2 config/crds/bases/external-secrets.io_externalsecrets.yaml
take github.com/argoproj/argo-rollouts@v1.9.1 manifests/crds/rollout-crd.yaml manifests/crds/analysis-template-crd.yaml
take github.com/argoproj/argo-cd/v3@v3.2.6 manifests/crds/application-crd.yaml manifests/crds/applicationset-crd.yaml
take sigs.k8s.io/gateway-api@v1.6.3 config/crd/standard/gateway.networking.k8s.io_httproutes.yaml
