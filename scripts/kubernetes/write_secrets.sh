#!/usr/bin/env bash
# Write the files that k8s/secrets/kustomization.yaml reads, from the secrets that `make secrets` generated.
# Usage: scripts/kubernetes/write_secrets.sh [FOLDER]; without it k8s/secrets/generated, which git ignores.
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/containers/lib.sh
folder=${1:-k8s/secrets/generated}
host=credit-scoring-postgres
umask 077
mkdir -p "$folder"
for name in postgres credit credit_readonly mlflow optuna; do
    cat "$SECRETS_DIRECTORY/${name}_password" >"$folder/${name}_password"
done
for name in credit mlflow optuna; do
    # The addresses of Compose, with the name that PostgreSQL has in the cluster.
    sed "s|@postgres:5432/|@$host:5432/|" "$SECRETS_DIRECTORY/${name}_url" >"$folder/${name}_url"
done
cat "$SECRETS_DIRECTORY/proxy_certificate" >"$folder/tls.crt"
cat "$SECRETS_DIRECTORY/proxy_certificate_key" >"$folder/tls.key"
echo "$folder: the secrets of k8s/ are written."
