"""credit_card_balance: the client's credit cards with this lender, month by month."""

from functools import partial

from credit_scoring.data_contracts.column_types import amount, category, days_past_due, event, identifier, whole
from credit_scoring.data_contracts.contract import CLIENT_KEY, ForeignKey, Table

# Overpaid cards and corrected bookings; the lowest published balance is -423,306.
LOWEST_BALANCE = -10_000_000
NULL_SHARE_OF_DRAWINGS = 0.195249

balance = partial(amount, minimum=LOWEST_BALANCE)
drawings = partial(whole, unit="drawings", minimum=0, null_share=NULL_SHARE_OF_DRAWINGS)

CREDIT_CARD_BALANCE = Table(
    name="credit_card_balance",
    meaning="One row per credit card and month: limit, debt, what was drawn and what was paid back.",
    primary_key=("SK_ID_PREV", "MONTHS_BALANCE"),
    foreign_keys=(
        CLIENT_KEY,
        # One card in eight has no previous application; in the real sample those hold a third of the rows.
        ForeignKey(column="SK_ID_PREV", tables=("previous_application",), tolerated_orphan_share=0.4),
    ),
    sort_order=("SK_ID_CURR", "SK_ID_PREV", "MONTHS_BALANCE"),
    published_rows=3_840_312,
    columns=(
        identifier("SK_ID_PREV", "Card contract that the month belongs to."),
        identifier("SK_ID_CURR", "Application whose client holds the card."),
        event("MONTHS_BALANCE", "Month of the row; -1 is the last one before the application.", "months", -120),
        balance("AMT_BALANCE", "Debt on the card in that month; below zero when overpaid."),
        whole("AMT_CREDIT_LIMIT_ACTUAL", "Limit of the card in that month.", "currency units", 0, 1_000_000_000),
        balance(
            "AMT_DRAWINGS_ATM_CURRENT",
            "Cash taken from machines in that month; below zero after a correction.",
            null_share=NULL_SHARE_OF_DRAWINGS,
        ),
        balance("AMT_DRAWINGS_CURRENT", "Everything drawn in that month: cash, purchases and the rest."),
        amount(
            "AMT_DRAWINGS_OTHER_CURRENT", "Drawn in other ways, such as transfers.", null_share=NULL_SHARE_OF_DRAWINGS
        ),
        amount(
            "AMT_DRAWINGS_POS_CURRENT", "Purchases paid with the card in that month.", null_share=NULL_SHARE_OF_DRAWINGS
        ),
        amount("AMT_INST_MIN_REGULARITY", "The least the client had to pay back that month.", null_share=0.079482),
        amount("AMT_PAYMENT_CURRENT", "Paid back during the month; empty if nothing.", null_share=0.199981),
        amount(
            "AMT_PAYMENT_TOTAL_CURRENT",
            "Paid back during the month after corrections; never above the payments themselves.",
        ),
        balance("AMT_RECEIVABLE_PRINCIPAL", "Part of the debt that is money drawn, without interest."),
        balance("AMT_RECIVABLE", "Debt that the lender expects back, interest included."),
        balance(
            "AMT_TOTAL_RECEIVABLE", "Everything the lender expects back; nearly always the same as the column before."
        ),
        drawings("CNT_DRAWINGS_ATM_CURRENT", "How often cash was taken in that month.", maximum=100),
        whole("CNT_DRAWINGS_CURRENT", "How often anything was drawn in that month.", "drawings", 0, 1_000),
        drawings("CNT_DRAWINGS_OTHER_CURRENT", "How often money was drawn in other ways in that month.", maximum=100),
        drawings(
            "CNT_DRAWINGS_POS_CURRENT", "How many purchases were paid with the card in that month.", maximum=1_000
        ),
        whole(
            "CNT_INSTALMENT_MATURE_CUM",
            "How many monthly instalments the client has paid so far.",
            "instalments",
            0,
            127,
            null_share=0.079482,
        ),
        category(
            "NAME_CONTRACT_STATUS",
            "Where the card contract stood in that month.",
            ("Active", "Completed", "Signed", "Demand", "Sent proposal", "Refused", "Approved"),
        ),
        *days_past_due(),
    ),
)
