"""Converts the eight CSV files to typed, compressed Parquet, partitioned by client bucket.

Reads: a folder or a zip of the eight CSV files (also nested zips), or the Kaggle API; the list of columns, if there is
one, is compared with the contracts.
Writes: `ingest/<version>/<table>/bucket=NNNN.parquet`, sorted as the contracts declare.
Stops on: a missing, empty or damaged file, a wrong header, a line with too few or too many fields, a value that does
not fit its declared type.
"""
