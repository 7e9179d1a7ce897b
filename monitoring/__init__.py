"""Prometheus, Alertmanager and Grafana: `description/` is written by hand, the other files are generated from it."""
