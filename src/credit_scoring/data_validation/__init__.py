"""Checks ingested tables against their contracts: a verdict, a report, and the failing rows.

Reads: the ingested version in use, bucket by bucket.
Writes: `validate/<version>/data_quality_report.html` and `.json`, and `failing_rows/<table>__<check>.parquet`.
Stops on: a column that is missing or of a wrong type, nulls in a required column, impossible values, repeated keys,
more orphans than the contract tolerates; the report is then in `validate/failed`.
"""
