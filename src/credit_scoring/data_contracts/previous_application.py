"""previous_application: earlier applications of the client with this lender, and their outcome."""

from credit_scoring.data_contracts.categories import COMPANIONS, GOODS, LOAN_PURPOSES, NO_YES, PRODUCTS, WEEKDAYS
from credit_scoring.data_contracts.column_types import (
    CREDIT_HISTORY_DAYS,
    NO_DATE,
    NOT_APPLICABLE,
    NOT_KNOWN,
    amount,
    category,
    category_or_unknown,
    days,
    event,
    flag,
    identifier,
    share,
    whole,
)
from credit_scoring.data_contracts.contract import CLIENT_KEY, Table

# Schedule columns are filled only for loans that were granted and paid out.
NULL_SHARE_OF_SCHEDULE = 0.402981
_SCHEDULE = {
    "DAYS_FIRST_DRAWING": "When money was first drawn from a revolving line; 365243 for every other product.",
    "DAYS_FIRST_DUE": "When the first instalment was due.",
    "DAYS_LAST_DUE_1ST_VERSION": "When the last instalment was due by the first plan; may be in the future.",
    "DAYS_LAST_DUE": "When the last instalment fell due; 365243 while the loan still runs.",
    "DAYS_TERMINATION": "When the contract was closed; 365243 while it is still open.",
}
SCHEDULE = tuple(
    days(
        name,
        meaning,
        -CREDIT_HISTORY_DAYS,
        CREDIT_HISTORY_DAYS,
        missing_codes=(NO_DATE,),
        null_share=NULL_SHARE_OF_SCHEDULE,
    )
    for name, meaning in _SCHEDULE.items()
)

PREVIOUS_APPLICATION = Table(
    name="previous_application",
    meaning="One row per earlier application of the client with this lender: amounts, terms and outcome.",
    primary_key=("SK_ID_PREV",),
    foreign_keys=(CLIENT_KEY,),
    sort_order=("SK_ID_CURR", "SK_ID_PREV"),
    published_rows=1_670_214,
    # Applications filed again on the same day with the same figures: 7 % of the rows of the real sample.
    tolerated_duplicate_share=0.1,
    columns=(
        identifier("SK_ID_PREV", "Earlier application; leads to its months and instalments."),
        identifier("SK_ID_CURR", "Current application of the same client."),
        category_or_unknown(
            "NAME_CONTRACT_TYPE",
            "Requested product: money in hand, goods on credit, or a revolving line such as a card.",
            ("Cash loans", "Consumer loans", "Revolving loans"),
            required=True,
        ),
        amount("AMT_ANNUITY", "Instalment of the loan offered.", null_share=0.222867),
        amount("AMT_APPLICATION", "Amount that the client requested.", required=True),
        amount("AMT_CREDIT", "What the lender was ready to give; 0 if withdrawn early.", null_share=1e-06),
        amount(
            "AMT_DOWN_PAYMENT",
            "What the client paid at once; a rounding slip puts the lowest just below zero.",
            minimum=-1,
            null_share=0.536365,
        ),
        amount("AMT_GOODS_PRICE", "Price of the goods to be bought on credit.", null_share=0.230818),
        category("WEEKDAY_APPR_PROCESS_START", "Weekday on which the client applied.", WEEKDAYS),
        whole("HOUR_APPR_PROCESS_START", "Hour at which the client applied.", "hour of the day", 0, 23),
        category(
            "FLAG_LAST_APPL_PER_CONTRACT",
            "Y if no later application concerns the same contract; N marks an entry that was made again.",
            NO_YES,
            required=True,
        ),
        flag("NFLAG_LAST_APPL_IN_DAY", "1 if the client filed no later application that day."),
        share(
            "RATE_DOWN_PAYMENT",
            "Down payment relative to the price, rescaled by the source.",
            minimum=-0.001,
            null_share=0.536365,
        ),
        share("RATE_INTEREST_PRIMARY", "Interest rate, rescaled by the source.", null_share=0.996437),
        share(
            "RATE_INTEREST_PRIVILEGED",
            "Interest rate for preferred clients, rescaled by the source.",
            null_share=0.996437,
        ),
        category(
            "NAME_CASH_LOAN_PURPOSE",
            "What a cash loan was for; XAP for other products, XNA where it was not recorded.",
            LOAN_PURPOSES,
            missing_codes=(NOT_APPLICABLE, NOT_KNOWN),
        ),
        category(
            "NAME_CONTRACT_STATUS",
            "How it ended: granted, withdrawn by the client, refused, or granted but never used.",
            ("Approved", "Canceled", "Refused", "Unused offer"),
            required=True,
        ),
        event("DAYS_DECISION", "When the lender decided on it.", "days", -CREDIT_HISTORY_DAYS),
        category_or_unknown(
            "NAME_PAYMENT_TYPE",
            "How the client meant to pay the instalments.",
            ("Cash through the bank", "Non-cash from your account", "Cashless from the account of the employer"),
        ),
        category(
            "CODE_REJECT_REASON",
            "The lender's code of the reason for refusal: limit, score, ...; XAP if not refused.",
            ("HC", "LIMIT", "SCO", "CLIENT", "SCOFR", "VERIF", "SYSTEM"),
            missing_codes=(NOT_APPLICABLE, NOT_KNOWN),
            required=True,
        ),
        category("NAME_TYPE_SUITE", "Who came along when the client applied.", COMPANIONS, null_share=0.491198),
        category_or_unknown(
            "NAME_CLIENT_TYPE",
            "Whether the lender knew the client then: new, coming back after a break, or a regular.",
            ("Repeater", "New", "Refreshed"),
            required=True,
        ),
        category_or_unknown("NAME_GOODS_CATEGORY", "What was to be bought on credit.", GOODS),
        category_or_unknown(
            "NAME_PORTFOLIO",
            "Book the loan belongs to: point of sale, cash, cards or cars.",
            ("POS", "Cash", "Cards", "Cars"),
        ),
        category_or_unknown(
            "NAME_PRODUCT_TYPE",
            "Whether the lender made the offer to a known client (x-sell) or the client walked in.",
            ("x-sell", "walk-in"),
            required=True,
        ),
        category(
            "CHANNEL_TYPE",
            "Through which sales channel the application came.",
            (
                *("Credit and cash offices", "Country-wide", "Stone", "Regional / Local", "Contact center"),
                *("AP+ (Cash loan)", "Channel of corporate sales", "Car dealer"),
            ),
        ),
        whole(
            "SELLERPLACE_AREA",
            "Size of the outlet that sold the loan; -1 mostly for loans from the lender's own offices.",
            "area units",
            0,
            10_000_000,
            missing_codes=(-1,),
        ),
        category_or_unknown(
            "NAME_SELLER_INDUSTRY",
            "Trade of the shop that sold the loan.",
            (
                *("Consumer electronics", "Connectivity", "Furniture", "Construction", "Clothing", "Industry"),
                *("Auto technology", "Jewelry", "MLM partners", "Tourism"),
            ),
        ),
        whole("CNT_PAYMENT", "How many instalments were planned.", "instalments", 0, 120, null_share=0.222864),
        category_or_unknown(
            "NAME_YIELD_GROUP",
            "How much interest the loan carried, in four groups from promotional to high.",
            ("low_action", "low_normal", "middle", "high"),
        ),
        category(
            "PRODUCT_COMBINATION",
            "Product in detail: book, channel and interest group in one label.",
            PRODUCTS,
            null_share=0.000207,
        ),
        *SCHEDULE,
        flag(
            "NFLAG_INSURED_ON_APPROVAL",
            "1 if the client took insurance with the loan.",
            null_share=NULL_SHARE_OF_SCHEDULE,
        ),
    ),
)
