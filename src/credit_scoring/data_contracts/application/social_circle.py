"""How the people around the client pay, and how long the client's phone number has been the same."""

from credit_scoring.data_contracts.column_types import CREDIT_HISTORY_DAYS, days, whole

NULL_SHARE_OF_CIRCLE = 0.00332

SOCIAL_CIRCLE = (
    whole(
        "OBS_30_CNT_SOCIAL_CIRCLE",
        "Acquaintances whose payments could be watched for a delay of 30 days.",
        "people",
        0,
        1_000,
        null_share=NULL_SHARE_OF_CIRCLE,
    ),
    whole(
        "DEF_30_CNT_SOCIAL_CIRCLE",
        "Those of them who fell 30 days behind.",
        "people",
        0,
        100,
        null_share=NULL_SHARE_OF_CIRCLE,
    ),
    whole(
        "OBS_60_CNT_SOCIAL_CIRCLE",
        "Acquaintances whose payments could be watched for a delay of 60 days.",
        "people",
        0,
        1_000,
        null_share=NULL_SHARE_OF_CIRCLE,
    ),
    whole(
        "DEF_60_CNT_SOCIAL_CIRCLE",
        "Those of them who fell 60 days behind.",
        "people",
        0,
        100,
        null_share=NULL_SHARE_OF_CIRCLE,
    ),
    days("DAYS_LAST_PHONE_CHANGE", "Last change of the client's phone.", -CREDIT_HISTORY_DAYS, 0, null_share=3e-06),
)
