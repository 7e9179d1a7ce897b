"""POS_CASH_balance: the client's earlier cash and consumer loans with this lender, month by month."""

from functools import partial

from credit_scoring.data_contracts.column_types import category_or_unknown, days_past_due, event, identifier, whole
from credit_scoring.data_contracts.contract import CLIENT_KEY, ForeignKey, Table

instalments = partial(whole, unit="instalments", minimum=0, maximum=120)

POS_CASH_BALANCE = Table(
    name="POS_CASH_balance",
    meaning="One row per earlier cash or point-of-sale loan and month: what is left to pay, how late is it?",
    primary_key=("SK_ID_PREV", "MONTHS_BALANCE"),
    foreign_keys=(
        CLIENT_KEY,
        ForeignKey(column="SK_ID_PREV", tables=("previous_application",), tolerated_orphan_share=0.1),
    ),
    sort_order=("SK_ID_CURR", "SK_ID_PREV", "MONTHS_BALANCE"),
    published_rows=10_001_358,
    columns=(
        identifier("SK_ID_PREV", "Earlier loan that the month belongs to."),
        identifier("SK_ID_CURR", "Application whose client holds that loan."),
        event("MONTHS_BALANCE", "Month of the row; -1 is the last one before the application.", "months", -120),
        instalments(
            "CNT_INSTALMENT",
            "How many instalments the loan was planned for; changes when it is rescheduled.",
            null_share=0.002607,
        ),
        instalments(
            "CNT_INSTALMENT_FUTURE", "How many of them are still to be paid after that month.", null_share=0.002608
        ),
        category_or_unknown(
            "NAME_CONTRACT_STATUS",
            "Where the contract stood in that month, from approval to completion or collection.",
            (
                *("Active", "Completed", "Signed", "Demand", "Returned to the store", "Approved", "Amortized debt"),
                "Canceled",
            ),
            required=True,
        ),
        *days_past_due(),
    ),
)
