"""What others report about the client: scores, how acquaintances pay, enquiries at the credit bureau."""

from credit_scoring.data_contracts.column_types import CREDIT_HISTORY_DAYS, days, share, whole

SCORE = "score from 0 to 1"

# The strongest columns of the table.
EXTERNAL_SCORES = (
    share(
        "EXT_SOURCE_1", "First outside score: higher is safer. Rises with the client's age.", SCORE, null_share=0.563811
    ),
    share("EXT_SOURCE_2", "Second outside score: higher is safer. Known for nearly all.", SCORE, null_share=0.002146),
    share("EXT_SOURCE_3", "Third outside score: higher is safer. Takes few values.", SCORE, null_share=0.198253),
)

# Name, meaning, largest possible number.
_ACQUAINTANCES = (
    ("OBS_30", "Acquaintances whose payments could be watched for a delay of 30 days.", 1_000),
    ("DEF_30", "Those of them who fell 30 days behind.", 100),
    ("OBS_60", "Acquaintances whose payments could be watched for a delay of 60 days.", 1_000),
    ("DEF_60", "Those of them who fell 60 days behind.", 100),
)
SOCIAL_CIRCLE = (
    *(
        whole(f"{name}_CNT_SOCIAL_CIRCLE", meaning, "people", 0, maximum, null_share=0.00332)
        for name, meaning, maximum in _ACQUAINTANCES
    ),
    days("DAYS_LAST_PHONE_CHANGE", "Last change of the client's phone.", -CREDIT_HISTORY_DAYS, 0, null_share=3e-06),
)

# Window, meaning, largest possible number; each window excludes the shorter ones.
_ENQUIRIES = (
    ("HOUR", "Enquiries in the last hour.", 100),
    ("DAY", "Enquiries in the last day, before that hour.", 100),
    ("WEEK", "Enquiries in the last week, before that day.", 100),
    ("MON", "Enquiries in the last month, before that week.", 100),
    ("QRT", "Enquiries in the last three months, before the last one.", 1_000),
    ("YEAR", "Enquiries in the last year, before the last three months.", 100),
)
BUREAU_ENQUIRIES = tuple(
    whole(f"AMT_REQ_CREDIT_BUREAU_{window}", meaning, "enquiries", 0, maximum, null_share=0.135016)
    for window, meaning, maximum in _ENQUIRIES
)
