"""Measures drift of applications and performance of decisions against the training of a model.

Reads: the ledger with its outcomes, a published feature version or a file; the training distribution of a model version.
Writes: `drift/<version>/` with the reports and drift.json; a line of the drift history; outcomes, to the ledger.
Stops on: a missing model, version or ledger; a file that cannot be read.
"""
