"""Enquiries of lenders at the credit bureau about the client; each window excludes the shorter ones."""

from credit_scoring.data_contracts.column_types import whole

UNIT = "enquiries"
NULL_SHARE = 0.135016

BUREAU_ENQUIRIES = (
    whole("AMT_REQ_CREDIT_BUREAU_HOUR", "Enquiries in the last hour.", UNIT, 0, 100, null_share=NULL_SHARE),
    whole(
        "AMT_REQ_CREDIT_BUREAU_DAY", "Enquiries in the last day, before that hour.", UNIT, 0, 100, null_share=NULL_SHARE
    ),
    whole(
        "AMT_REQ_CREDIT_BUREAU_WEEK",
        "Enquiries in the last week, before that day.",
        UNIT,
        0,
        100,
        null_share=NULL_SHARE,
    ),
    whole(
        "AMT_REQ_CREDIT_BUREAU_MON",
        "Enquiries in the last month, before that week.",
        UNIT,
        0,
        100,
        null_share=NULL_SHARE,
    ),
    whole(
        "AMT_REQ_CREDIT_BUREAU_QRT",
        "Enquiries in the last three months, before the last one.",
        UNIT,
        0,
        1_000,
        null_share=NULL_SHARE,
    ),
    whole(
        "AMT_REQ_CREDIT_BUREAU_YEAR",
        "Enquiries in the last year, before the last three months.",
        UNIT,
        0,
        100,
        null_share=NULL_SHARE,
    ),
)
