"""Ingested tables against their contracts: a verdict, a report, and the rows that must be repaired.

Reads: the ingested version in use, bucket by bucket.
Writes: `validate/<version>/data_quality_report.html`, the same as `.json`, and `failing_rows/<table>__<check>.parquet`.
Stops on: a column missing or of a wrong type, nulls where a value is required, impossible values, repeated keys,
more orphans than the contract tolerates; what was found then lies in `validate/failed`.
"""
