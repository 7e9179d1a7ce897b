#!/usr/bin/env bash
# Prepare a kind cluster for `make test-cluster`: Ingress controller, metrics-server, and the images of this checkout.
# The cluster maps the port 30080 of its node to 8080 of this machine (docs/KUBERNETES.md, kind). Needs Docker, kind,
# helm and kubectl. Usage: kind_cluster.sh [NAME OF THE CLUSTER]
set -euo pipefail
cd "$(dirname "$0")/../.."
cluster=${1:-kind}

helm upgrade --install traefik traefik --repo https://traefik.github.io/charts --namespace ingress --create-namespace \
    --set service.type=NodePort --set ports.web.nodePort=30080 --wait
helm upgrade --install metrics-server metrics-server --repo https://kubernetes-sigs.github.io/metrics-server \
    --namespace kube-system --set 'args={--kubelet-insecure-tls}' --wait

scripts/containers/build_images.sh
images=()
for name in api mlflow etl training; do
    docker tag "credit-scoring-$name:latest" "credit-scoring-$name:cluster"
    images+=("credit-scoring-$name:cluster")
done
printf 'FROM credit-scoring-api:cluster\nLABEL next=yes\n' | docker build --quiet --tag credit-scoring-api:cluster-next -
kind load docker-image --name "$cluster" "${images[@]}" credit-scoring-api:cluster-next
