"""Writes the files of Prometheus, Alertmanager and Grafana from monitoring/description."""
