"""Decisions: made from served features and a registered Scorer, and recorded before they are answered.

Reads: the online store, the model registry, a published feature version.
Writes: the ledger, one row per decision; `score/<version>/scores.parquet` for a whole portfolio.
Stops on: a missing model or feature version, a ledger that cannot be written.
"""
