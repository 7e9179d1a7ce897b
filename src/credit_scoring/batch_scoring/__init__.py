"""Score a file of applications: the same answer for each row as the service would give, without the ledger.

Reads: a CSV or Parquet file of raw applications, the online store, the registered model.
Writes: a CSV or Parquet file with probability and decision of each row, in the order of the input.
Stops on: the first row the service would refuse, a missing model or feature version.
"""
