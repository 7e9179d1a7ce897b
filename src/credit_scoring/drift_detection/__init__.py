"""Measures drift of applications and performance of decisions against the training of a model.

Reads: decisions and outcomes of the ledger, a published feature version or a file; a model with its distribution.
Writes: `drift/<version>/` with the reports and drift.json; the drift history; a run in MLflow;
imported outcomes, to the ledger.
Stops on: a missing model, version or ledger; a file that cannot be read.
"""
