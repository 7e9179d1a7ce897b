"""CSV files become typed, compressed Parquet, partitioned by client bucket.

Reads: a folder or a zip of the eight CSV files, zips within zips, or the Kaggle API.
Writes: `ingest/<version>/<table>/bucket=NNNN.parquet`, sorted as the contracts say.
Stops on: a missing, empty or damaged file, a wrong header, a line with too few or too many fields, a value that its
contract's type cannot hold.
"""
