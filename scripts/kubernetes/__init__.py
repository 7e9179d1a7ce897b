"""What is generated for Kubernetes: files of the chart in helm/files, and k8s/, rendered from the chart."""
