#!/usr/bin/env bash
# Make a cluster with kind for `make test-cluster`: two nodes, Traefik on 127.0.0.1:8080, metrics-server, and our images on its nodes.
# Usage: scripts/kubernetes/kind_cluster.sh, after `make images` (docs/KUBERNETES.md, Tests on a cluster).
set -euo pipefail
cd "$(dirname "$0")/../.."
kind create cluster --wait 120s --config - <<'YAML'
kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
    extraPortMappings: [{containerPort: 30080, hostPort: 8080, listenAddress: 127.0.0.1}]
  - role: worker
YAML
helm install traefik traefik --repo https://traefik.github.io/charts --namespace ingress --create-namespace \
    --set service.type=NodePort --set ports.web.nodePort=30080 --wait --timeout 5m
helm install metrics-server metrics-server --repo https://kubernetes-sigs.github.io/metrics-server/ --namespace kube-system \
    --set 'args={--kubelet-insecure-tls}' --wait --timeout 5m
for name in api mlflow etl training; do docker tag "credit-scoring-$name:latest" "credit-scoring-$name:cluster"; done
printf 'FROM credit-scoring-api:cluster\nLABEL next=yes\n' | docker build --tag credit-scoring-api:cluster-next -
for name in api:cluster api:cluster-next mlflow:cluster etl:cluster training:cluster; do kind load docker-image "credit-scoring-$name"; done
