"""The contracts of the eight tables: columns, types, keys, ranges, categories, meaning.

A raw column is declared only here. Ingestion types, validation, synthetic data, the API's request model and the
documents derive from it.
"""

from credit_scoring.data_contracts.all_tables import ALL_TABLES, table_named
from credit_scoring.data_contracts.contract import Column, ForeignKey, Table

__all__ = ["ALL_TABLES", "Column", "ForeignKey", "Table", "table_named"]
