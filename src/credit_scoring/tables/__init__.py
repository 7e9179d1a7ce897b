"""The contracts of the eight tables: columns, types, keys, ranges, categories, meaning.

Everything else that knows a raw column (ingestion, validation, synthetic data, the API's request)
derives it from here.
"""

from credit_scoring.tables.contract import Column, ForeignKey, Table
from credit_scoring.tables.schema import ALL_TABLES, table_named

__all__ = ["ALL_TABLES", "Column", "ForeignKey", "Table", "table_named"]
