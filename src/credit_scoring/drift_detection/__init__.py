"""Measures drift between the training clients and new applications.

Reads: a published feature version.
Writes: `drift/<version>/` with drift_report.html and drift.json; a run in MLflow.
Stops on: a missing feature version.
"""
