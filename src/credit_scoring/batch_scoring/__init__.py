"""Scores many applications: a published feature version, a file, or clients whose tables were ingested.

Reads: the published feature version and the registered model; a CSV or Parquet file of raw applications and the online
store; the validated tables of known clients.
Writes: `score/<version>/scores.parquet`; a CSV or Parquet file of scores; decisions of known clients, in the ledger.
Stops on: a missing model or feature version, the first row of a file that the service would reject.
"""
