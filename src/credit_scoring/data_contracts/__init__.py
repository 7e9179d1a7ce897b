"""The contracts of the eight tables: columns, types, keys, ranges, categories, meaning.

A raw column is declared only here. Ingestion types, validation, synthetic data, the API's request model and the
documents derive from it.
"""

from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.bureau import BUREAU
from credit_scoring.data_contracts.bureau_balance import BUREAU_BALANCE
from credit_scoring.data_contracts.contract import Column, ForeignKey, Table
from credit_scoring.data_contracts.credit_card_balance import CREDIT_CARD_BALANCE
from credit_scoring.data_contracts.installments_payments import INSTALLMENTS_PAYMENTS
from credit_scoring.data_contracts.pos_cash_balance import POS_CASH_BALANCE
from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION

__all__ = ["ALL_TABLES", "Column", "ForeignKey", "Table", "table_named"]

# Parents before children.
ALL_TABLES: tuple[Table, ...] = (
    *(APPLICATION_TRAIN, APPLICATION_TEST, BUREAU, BUREAU_BALANCE, PREVIOUS_APPLICATION, POS_CASH_BALANCE),
    *(CREDIT_CARD_BALANCE, INSTALLMENTS_PAYMENTS),
)


def table_named(name: str) -> Table:
    """The contract of the table with a name; KeyError if there is none."""
    for table in ALL_TABLES:
        if table.name == name:
            return table
    raise KeyError(f"there is no table {name}")
