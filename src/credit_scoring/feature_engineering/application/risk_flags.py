"""How many warning signs an application and its history show, by subject and in all.

A sign is a plain threshold that a credit officer would name; a quantity that warns by degrees has several. None is
fitted, each counts the same, and what is not known does not warn. Sums of such signs are steadier than any single
one (Dawes, "The robust beauty of improper linear models", 1979).
"""

from dataclasses import dataclass

import numpy as np

from credit_scoring.feature_engineering.application.arithmetic import Reduction, Values
from credit_scoring.feature_engineering.application.feature_list import FeatureList

risk_flags = FeatureList("application and all history tables")

YEAR = 365.25
DEDUCTION = 0.01
"""What one warning sign takes off the outside scores: a round number of the size that scorecards give it."""


@dataclass(frozen=True)
class Signs:
    """Values beyond which an input warns: one sign for each threshold that is passed.

    Attributes:
        above: whether values above the thresholds warn, rather than those below them.
        words: the quantity, as part of a list.
    """

    column: str
    above: bool
    thresholds: tuple[float, ...]
    words: str


def _above(column: str, words: str, *thresholds: float) -> Signs:
    return Signs(column, True, thresholds, words)


def _below(column: str, words: str, *thresholds: float) -> Signs:
    return Signs(column, False, thresholds, words)


PERSON = (
    _above("DAYS_BIRTH", "age (under 50, 40, 35, 28 years)", -50 * YEAR, -40 * YEAR, -35 * YEAR, -28 * YEAR),
    _above(
        "DAYS_EMPLOYED",
        "time in the job (under 10, 5, 3, 1.5 years)",
        -10 * YEAR,
        -5 * YEAR,
        -3 * YEAR,
        -1.5 * YEAR,
    ),
    _above(
        "DAYS_ID_PUBLISH",
        "age of the identity paper (under 11, 7, 4 years)",
        -11 * YEAR,
        -7 * YEAR,
        -4 * YEAR,
    ),
    _above(
        "DAYS_REGISTRATION", "time at the address (under 15, 10, 5 years)", -15 * YEAR, -10 * YEAR, -5 * YEAR
    ),
    _above(
        "DAYS_LAST_PHONE_CHANGE", "age of the phone number (under 4, 2, 1 years)", -4 * YEAR, -2 * YEAR, -YEAR
    ),
    _above("REGION_RATING_CLIENT_W_CITY", "grade of the region (above 1, 2)", 1, 2),
    _above("REG_CITY_NOT_WORK_CITY", "work in another town than registered", 0),
    _below("NAME_EDUCATION_TYPE", "degree (none above secondary school, none at all)", 2, 1),
    _below("app_occupation_usual_ext_source", "usual score of the occupation (below 0.51)", 0.51),
    _below("app_organization_usual_ext_source", "usual score of the employer's branch (below 0.51)", 0.51),
    _above("app_without_spouse", "no spouse", 0),
    _above("app_without_own_home", "no home of one's own", 0),
    _below("REGION_POPULATION_RELATIVE", "thinly settled region", 0.03),
    _below("FLAG_OWN_CAR", "no car", 1),
    _above("OWN_CAR_AGE", "car older than 12 years", 12),
    _below("FLAG_PHONE", "no landline", 1),
    _above("DEF_30_CNT_SOCIAL_CIRCLE", "acquaintances who fell behind", 0),
    _above("AMT_REQ_CREDIT_BUREAU_YEAR", "enquiries in a year (above 1, 3)", 1, 3),
)
REQUEST = (
    _above("app_credit_to_goods_price", "loan above the price (at all, by a tenth, by a fifth)", 1, 1.1, 1.2),
    _above("app_annuity_to_income", "instalment to yearly income (above 0.15, 0.25)", 0.15, 0.25),
    _above("app_implied_rate_min", "implied yearly rate (above 0.12, 0.20)", 0.12, 0.20),
    _below("AMT_GOODS_PRICE", "price below 675,000", 675_000),
    _below("NAME_CONTRACT_TYPE", "cash loan", 1),
    _above("FLAG_DOCUMENT_3", "paper number 3", 0),
)
SCORES = (
    _below(
        "app_ext_source_mean",
        "average outside score (below 0.65, 0.6 and so on to 0.2)",
        *(0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2),
    ),
    _below("app_ext_source_min", "lowest outside score (below 0.5, 0.35, 0.2, 0.1)", 0.5, 0.35, 0.2, 0.1),
)
BUREAU = (
    _above("bureau_count_active", "running credits (above 2, 4)", 2, 4),
    _above("bureau_count_last_365_days", "new credits in a year (above 1, 3)", 1, 3),
    _above("bureau_share_active", "share of credits that run (above 0.33, 0.6)", 0.33, 0.6),
    _above("bureau_debt_to_credit", "debt to everything lent (above 0.2, 0.4, 0.6)", 0.2, 0.4, 0.6),
    _below(
        "bureau_days_since_start_mean",
        "average age of credits (under 4, 3, 2 years)",
        4 * YEAR,
        3 * YEAR,
        2 * YEAR,
    ),
    _below("bureau_days_since_start_max", "length of the history (under 5, 3 years)", 5 * YEAR, 3 * YEAR),
    _above("bureau_share_ever_in_arrears", "arrears in the past", 0),
    _above("bureau_arrears_sum", "arrears today", 0),
    _above("bureau_count_sold_or_bad", "credit given up as lost", 0),
    _above("bureau_count_microloan", "microloan", 0),
    _above("bureau_card_limit_used", "card limits used (above 0.5, 0.9)", 0.5, 0.9),
    _above("bureau_balance_late_share_mean_last_12_months", "late month in the last year", 0),
)
PREVIOUS = (
    _above("previous_share_refused", "share of applications refused (above 0, 0.2, 0.4)", 0, 0.2, 0.4),
    _above("previous_count_refused_last_365_days", "refusals in a year (above 0, 1)", 0, 1),
    _above("previous_status_latest", "latest application refused or unused", 1.5),
    _above("previous_count_refused_for_sco", "refused for the score", 0),
    _above("previous_yield_group_mean_approved", "interest group (above 1.5, 2.5)", 1.5, 2.5),
    _above("previous_count_running", "loans still running (above 1)", 1),
    _below("previous_down_payment_share_mean_approved", "down payments (below 0.05)", 0.05),
    _below("previous_days_since_decision_max", "time known to us (under 5, 2 years)", 5 * YEAR, 2 * YEAR),
    _below("previous_share_approved", "share of applications approved (below 0.67)", 0.67),
)
PAYMENT = (
    _above("pos_share_late_last_24_months", "late months in two years (above 0, 5 %)", 0, 0.05),
    _above("pos_real_delay_max", "delay that mattered", 0),
    _above("installments_share_late_last_365_days", "late instalments in a year (above 0, 10 %)", 0, 0.1),
    _above("installments_days_late_max", "longest delay (above 5, 15 days)", 5, 15),
    _above("installments_share_underpaid", "instalments not paid in full (above 5 %)", 0.05),
    _below("installments_days_early_mean", "days paid early (below 5)", 5),
    _above("card_utilisation_mean_last_6_months", "card use (above 0.3, 0.7, 0.95)", 0.3, 0.7, 0.95),
    _above("card_share_with_cash", "months with cash drawn by card (above 0.2)", 0.2),
    _above("card_share_below_minimum", "card payments below the minimum (above 10 %)", 0.1),
    _below("pos_share_loans_completed", "share of shop and cash loans paid back (below 0.5)", 0.5),
)

SUBJECTS: dict[str, tuple[tuple[Signs, ...], str]] = {
    "app_warning_count_person": (PERSON, "Warning signs in the person"),
    "app_warning_count_request": (REQUEST, "Warning signs in the request"),
    "app_warning_count_scores": (SCORES, "Warning signs in the outside scores"),
    "cross_warning_count_bureau": (BUREAU, "Warning signs in credits with other lenders"),
    "cross_warning_count_previous": (PREVIOUS, "Warning signs in earlier applications with us"),
    "cross_warning_count_payment": (PAYMENT, "Warning signs in the payment of earlier loans and cards"),
}
SUMS: dict[str, tuple[tuple[str, ...], str]] = {
    "cross_warning_count_behaviour": (
        ("cross_warning_count_bureau", "cross_warning_count_previous", "cross_warning_count_payment"),
        "Warning signs in everything the client did before",
    ),
    "cross_warning_count_without_scores": (
        ("app_warning_count_person", "app_warning_count_request", "cross_warning_count_behaviour"),
        "Warning signs in everything but the outside scores",
    ),
    "cross_warning_count": (
        ("app_warning_count_scores", "cross_warning_count_without_scores"),
        "Warning signs in the application and its history",
    ),
}


def _counter(subject: tuple[Signs, ...]) -> Reduction:
    signs = [(number, sign.above, limit) for number, sign in enumerate(subject) for limit in sign.thresholds]
    positions = np.array([number for number, _, _ in signs])
    # Below a limit is above it with both signs changed.
    upwards = np.array([1.0 if is_above else -1.0 for _, is_above, _ in signs])[:, np.newaxis]
    limits = upwards * np.array([limit for _, _, limit in signs])[:, np.newaxis]

    def count(columns: Values) -> Values:
        # A missing value compares as false. Whole numbers add up exactly in any order.
        total: Values = np.add.reduce(columns[positions] * upwards > limits, axis=0, dtype=np.float64)
        return total

    return Reduction(count)


def _deduct(score: Values, signs: Values) -> Values:
    return score - DEDUCTION * signs


@Reduction
def _sum(columns: Values) -> Values:
    total: Values = np.add.reduce(columns, axis=0)  # whole numbers add up exactly in any order
    return total


for _name, (_signs, _words) in SUBJECTS.items():
    risk_flags.add(
        _name,
        _counter(_signs),
        tuple(sign.column for sign in _signs),
        unit="warning signs",
        meaning=f"{_words}: {'; '.join(sign.words for sign in _signs)}.",
        minimum=0,
        maximum=sum(len(sign.thresholds) for sign in _signs),
        nullable=False,
    )
for _name, (_parts, _words) in SUMS.items():
    risk_flags.add(_name, _sum, _parts, unit="warning signs", meaning=f"{_words}.", minimum=0, nullable=False)
for _kind, _deducted, _words in (
    ("app_score_after_person", "app_warning_count_person", "in the person"),
    ("app_score_after_request", "app_warning_count_request", "in the request"),
    ("cross_score_after_behaviour", "cross_warning_count_behaviour", "in everything the client did before"),
    (
        "cross_score_after_warnings",
        "cross_warning_count_without_scores",
        "in the application and its history",
    ),
):
    risk_flags.add(
        _kind,
        _deduct,
        ("app_ext_source_cautious_weighted", _deducted),
        unit="score, at most 1",
        meaning=f"Weighted outside scores less {DEDUCTION} for each warning sign {_words}.",
        maximum=1,
    )
for _name, (_, _words) in (SUBJECTS | SUMS).items():
    if _name != "app_warning_count_scores":
        risk_flags.ratios(
            "warning signs per unit of score",
            (
                f"{_name}_per_ext_source",
                _name,
                "app_ext_source_cautious_mean",
                f"{_words}, divided by the cautious average of the outside scores: signs weigh more on a weak one.",
            ),
        )
