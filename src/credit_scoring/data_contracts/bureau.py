"""bureau: credits that other lenders reported to the credit bureau."""

from credit_scoring.data_contracts.column_types import (
    CREDIT_HISTORY_DAYS,
    MAX_AMOUNT,
    amount,
    category,
    days,
    event,
    identifier,
    whole,
)
from credit_scoring.data_contracts.contract import CLIENT_KEY, Table

# The source closes some credits more than a hundred years before the application; they are known and kept.
EARLIEST_REPORTED_DAY = -45_000

BUREAU = Table(
    name="bureau",
    meaning="One row per credit the client had elsewhere, as the credit bureau knew it on that day.",
    primary_key=("SK_ID_BUREAU",),
    foreign_keys=(CLIENT_KEY,),
    sort_order=("SK_ID_CURR", "SK_ID_BUREAU"),
    published_rows=1_716_428,
    # Credits reported twice under two numbers: 0.2 % of the rows of the real sample.
    tolerated_duplicate_share=0.01,
    columns=(
        identifier("SK_ID_CURR", "Application whose client holds the credit."),
        identifier("SK_ID_BUREAU", "Credit at the bureau; leads to its months in bureau_balance."),
        category(
            "CREDIT_ACTIVE",
            "Status of the credit: running, repaid, sold to a collector, or written off.",
            ("Closed", "Active", "Sold", "Bad debt"),
            required=True,
        ),
        category(
            "CREDIT_CURRENCY",
            "Currency of the credit, anonymised; nearly everything is in currency 1.",
            ("currency 1", "currency 2", "currency 3", "currency 4"),
        ),
        event(
            "DAYS_CREDIT", "When the client applied to the other lender for this credit.", "days", -CREDIT_HISTORY_DAYS
        ),
        whole(
            "CREDIT_DAY_OVERDUE",
            "How late the client is on this credit on the day of the application.",
            "days past due",
            0,
            CREDIT_HISTORY_DAYS,
        ),
        days(
            "DAYS_CREDIT_ENDDATE",
            "When the credit ends according to its contract; ahead of us if it still runs.",
            EARLIEST_REPORTED_DAY,
            45_000,
            null_share=0.061496,
        ),
        event(
            "DAYS_ENDDATE_FACT",
            "When the credit really ended; empty as long as it runs.",
            "days",
            EARLIEST_REPORTED_DAY,
            null_share=0.36917,
        ),
        amount(
            "AMT_CREDIT_MAX_OVERDUE",
            "Worst arrears this credit ever reached; empty where the lender reports none.",
            null_share=0.655133,
        ),
        whole("CNT_CREDIT_PROLONG", "How often the end of the credit was put off.", "times", 0, 100),
        amount("AMT_CREDIT_SUM", "Amount lent, or the limit of a credit card.", null_share=8e-06),
        amount(
            "AMT_CREDIT_SUM_DEBT",
            "What the client still owes on it; below zero when more was paid than owed.",
            minimum=-MAX_AMOUNT,
            null_share=0.150119,
        ),
        amount(
            "AMT_CREDIT_SUM_LIMIT",
            "What could still be drawn from a credit card: mostly its limit less the debt.",
            minimum=-MAX_AMOUNT,
            null_share=0.344774,
        ),
        amount("AMT_CREDIT_SUM_OVERDUE", "Arrears on this credit on the day of the application."),
        category(
            "CREDIT_TYPE",
            "Kind of credit.",
            (
                *("Consumer credit", "Credit card", "Car loan", "Mortgage", "Microloan"),
                *("Loan for business development", "Another type of loan", "Unknown type of loan"),
                *("Loan for working capital replenishment", "Cash loan (non-earmarked)", "Real estate loan"),
                *("Loan for the purchase of equipment", "Loan for purchase of shares (margin lending)"),
                *("Interbank credit", "Mobile operator loan"),
            ),
            required=True,
        ),
        days(
            "DAYS_CREDIT_UPDATE",
            "When the lender last reported on this credit; at times after the application.",
            EARLIEST_REPORTED_DAY,
            2_000,
        ),
        # Rarely reported for the credits of training clients, often for those of test clients.
        amount("AMT_ANNUITY", "Instalment of the credit.", null_share=0.714735, null_gap=0.2),
    ),
)
