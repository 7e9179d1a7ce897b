"""installments_payments: amounts due and paid on the client's earlier loans with this lender."""

from credit_scoring.data_contracts.column_types import CREDIT_HISTORY_DAYS, amount, event, identifier, whole
from credit_scoring.data_contracts.contract import CLIENT_KEY, ForeignKey, Table

INSTALLMENTS_PAYMENTS = Table(
    name="installments_payments",
    meaning="One row per payment made or instalment missed. "
    "An instalment paid in parts has several rows, so no key identifies a row.",
    foreign_keys=(
        CLIENT_KEY,
        ForeignKey(column="SK_ID_PREV", tables=("previous_application",), tolerated_orphan_share=0.1),
    ),
    sort_order=("SK_ID_CURR", "SK_ID_PREV", "DAYS_INSTALMENT", "NUM_INSTALMENT_NUMBER", "NUM_INSTALMENT_VERSION"),
    published_rows=13_605_401,
    columns=(
        identifier("SK_ID_PREV", "Earlier loan that the instalment belongs to."),
        identifier("SK_ID_CURR", "Application whose client holds that loan."),
        whole(
            "NUM_INSTALMENT_VERSION",
            "Version of the payment plan: rises whenever the plan changes, 0 for credit cards.",
            "version",
            0,
            1_000,
            required=True,
        ),
        whole(
            "NUM_INSTALMENT_NUMBER",
            "Position of the instalment in the plan, from 1.",
            "position",
            1,
            1_000,
            required=True,
        ),
        event("DAYS_INSTALMENT", "When the instalment was due.", "days", -CREDIT_HISTORY_DAYS),
        event(
            "DAYS_ENTRY_PAYMENT",
            "When the money came in; empty if it never did.",
            "days",
            -CREDIT_HISTORY_DAYS,
            null_share=0.000214,
        ),
        amount("AMT_INSTALMENT", "Amount due by the plan.", required=True),
        amount("AMT_PAYMENT", "What the client paid in this payment; empty if nothing.", null_share=0.000214),
    ),
)
