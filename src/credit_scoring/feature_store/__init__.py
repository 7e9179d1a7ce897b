"""Stores features: offline as immutable Delta versions, online as one row per client.

Reads: the features step's Parquet buckets.
Writes: a Delta version under `feature_store/offline`, its documentation under `feature_store/documents`, and rows and
pointer in the online database.
Stops on: a missing features step, a value that breaks the declaration of its feature, a database that cannot be
reached.
"""
