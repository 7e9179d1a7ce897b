"""CSV files become typed, compressed Parquet, partitioned by client bucket.

Reads: a folder or a zip of the eight CSV files.
Writes: `ingest/<version>/<table>/bucket=NNNN.parquet`, sorted as the contracts say.
Stops on: a missing or empty file, a wrong header, a value that its contract's type cannot hold, a zip cut short.
"""
