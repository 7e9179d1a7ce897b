"""bureau_balance: how the bureau credits were paid, month by month."""

from credit_scoring.data_contracts.column_types import category, event, identifier
from credit_scoring.data_contracts.contract import ForeignKey, Table

BUREAU_BALANCE = Table(
    name="bureau_balance",
    meaning="One row per bureau credit and month: was it paid on time?",
    primary_key=("SK_ID_BUREAU", "MONTHS_BALANCE"),
    # The published file also holds months of credits that bureau.csv does not list; they belong to no client.
    foreign_keys=(ForeignKey(column="SK_ID_BUREAU", tables=("bureau",), tolerated_orphan_share=0.15),),
    sort_order=("SK_ID_BUREAU", "MONTHS_BALANCE"),
    published_rows=27_299_925,
    columns=(
        identifier("SK_ID_BUREAU", "Credit at the bureau that the month belongs to."),
        event("MONTHS_BALANCE", "Month of the row; 0 is the month of the application.", "months", -120),
        category(
            "STATUS",
            "State in that month: C closed, 0 paid on time, 1 late by up to 30 days, 2 by 31 to 60, "
            "3 by 61 to 90, 4 by 91 to 120, 5 later still, sold or written off, X not reported.",
            ("C", "0", "1", "2", "3", "4", "5", "X"),
            required=True,
        ),
    ),
)
