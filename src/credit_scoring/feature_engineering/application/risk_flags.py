"""How many warning signs a request and the client's history show, by subject and in all.

A sign is a plain threshold, or a category, that a credit officer would name; a quantity that warns by degrees has
several thresholds. None is fitted, each counts the same, and unknown values do not warn. Sums of such signs are
steadier than any single one (Dawes, "The robust beauty of improper linear models", 1979).
"""

from credit_scoring.data_contracts.previous_application import PREVIOUS_APPLICATION
from credit_scoring.feature_engineering.application.arithmetic import known_sum
from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.application.flag_counting import Flags, above, below, flag_counter, one_of
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR, Direction

risk_flags = FeatureList(Concept.EXTERNAL_SCORES, "application and all history tables")

DEDUCTION = 0.01
"""Deduction from the external scores per warning sign: a round number of the size that scorecards give it."""


def _days(*years: float) -> tuple[float, ...]:
    return tuple(number * DAYS_PER_YEAR for number in years)


WORK = (
    above("DAYS_EMPLOYED", "time in the job (under 10, 5, 3, 1.5 years)", *_days(-10, -5, -3, -1.5)),
    one_of("FLAG_OWN_CAR", "no car", ("N",)),
    above("OWN_CAR_AGE", "car older than 12 years", 12),
    below("FLAG_PHONE", "no landline", 1),
)
REQUEST = (
    above("app_credit_to_goods_price", "loan above the price (at all, by a tenth, by a fifth)", 1, 1.1, 1.2),
    above("app_annuity_to_income", "instalment to declared income (above 0.15, 0.25)", 0.15, 0.25),
    above("app_implied_rate_min", "implied yearly rate (above 0.12, 0.20)", 0.12, 0.20),
    below("AMT_GOODS_PRICE", "price below 675,000", 675_000),
    one_of("NAME_CONTRACT_TYPE", "cash loan", ("Cash loans",)),
    above("FLAG_DOCUMENT_3", "document number 3", 0),
)
SCORES = (
    below(
        "app_ext_source_mean",
        "average external score (below 0.65, 0.6 and so on to 0.2)",
        *(0.65, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2),
    ),
    below("app_ext_source_min", "lowest external score (below 0.5, 0.35, 0.2, 0.1)", 0.5, 0.35, 0.2, 0.1),
)
BUREAU = (
    above("AMT_REQ_CREDIT_BUREAU_YEAR", "enquiries in a year (above 1, 3)", 1, 3),
    above("bureau_count_active", "running credits (above 2, 4)", 2, 4),
    above("bureau_count_last_365_days", "new credits in a year (above 1, 3)", 1, 3),
    above("bureau_share_active", "share of credits that run (above 0.33, 0.6)", 0.33, 0.6),
    above("bureau_debt_to_credit", "debt to everything lent (above 0.2, 0.4, 0.6)", 0.2, 0.4, 0.6),
    below("bureau_days_since_start_mean", "average age of credits (under 4, 3, 2 years)", *_days(4, 3, 2)),
    below("bureau_days_since_start_max", "length of the history (under 5, 3 years)", *_days(5, 3)),
    above("bureau_share_ever_in_arrears", "arrears in the past", 0),
    above("bureau_arrears_sum", "arrears today", 0),
    above("bureau_count_sold_or_bad", "credit given up as lost", 0),
    above("bureau_count_microloan", "microloan", 0),
    above("bureau_card_limit_used", "card limits used (above 0.5, 0.9)", 0.5, 0.9),
    above("bureau_balance_late_share_mean_last_12_months", "late month in the last year", 0),
)
PREVIOUS = (
    above("previous_share_refused", "share of applications refused (above 0, 0.2, 0.4)", 0, 0.2, 0.4),
    above("previous_count_refused_last_365_days", "refusals in a year (above 0, 1)", 0, 1),
    one_of(
        "previous_status_latest",
        "latest application refused or unused",
        ("Refused", "Unused offer"),
        contract=PREVIOUS_APPLICATION.column("NAME_CONTRACT_STATUS"),
    ),
    above("previous_count_refused_for_sco", "refused for the score", 0),
    above("previous_yield_group_mean_approved", "interest group (above 1.5, 2.5)", 1.5, 2.5),
    above("previous_count_running", "loans still running (above 1)", 1),
    below("previous_down_payment_share_mean_approved", "down payments (below 0.05)", 0.05),
    below("previous_days_since_decision_max", "time known to us (under 5, 2 years)", *_days(5, 2)),
    below("previous_share_approved", "share of applications approved (below 0.67)", 0.67),
)
PAYMENT = (
    above("pos_share_late_last_24_months", "late months in two years (above 0, 5 %)", 0, 0.05),
    above("pos_real_delay_max", "delay that mattered", 0),
    above("installments_share_late_last_365_days", "late instalments in a year (above 0, 10 %)", 0, 0.1),
    above("installments_days_late_max", "longest delay (above 5, 15 days)", 5, 15),
    above("installments_share_underpaid", "instalments not paid in full (above 5 %)", 0.05),
    below("installments_days_early_mean", "days paid early (below 5)", 5),
    above("card_utilisation_mean_last_6_months", "card use (above 0.3, 0.7, 0.95)", 0.3, 0.7, 0.95),
    above("card_share_with_cash", "months with cash drawn by card (above 0.2)", 0.2),
    above("card_share_below_minimum", "card payments below the minimum (above 10 %)", 0.1),
    below("pos_share_loans_completed", "share of shop and cash loans paid back (below 0.5)", 0.5),
)

SUBJECTS: dict[str, tuple[tuple[Flags, ...], str, Concept]] = {
    "app_warning_count_work": (WORK, "in work and possessions", Concept.INCOME_AND_WORK),
    "app_warning_count_request": (REQUEST, "in the request", Concept.LOAN_REQUESTED),
    "app_warning_count_scores": (SCORES, "in the external scores", Concept.EXTERNAL_SCORES),
    "cross_warning_count_bureau": (BUREAU, "in credits with other lenders", Concept.CREDIT_HISTORY),
    "cross_warning_count_previous": (PREVIOUS, "in earlier applications with us", Concept.EARLIER_APPLICATIONS),
    "cross_warning_count_payment": (PAYMENT, "in the payment of earlier loans and cards", Concept.PAYMENTS_WITH_US),
}
SUMS: dict[str, tuple[tuple[str, ...], str, Concept]] = {
    "cross_warning_count_behaviour": (
        ("cross_warning_count_bureau", "cross_warning_count_previous", "cross_warning_count_payment"),
        "in everything the client did before",
        Concept.CREDIT_HISTORY,
    ),
    "cross_warning_count_without_scores": (
        ("app_warning_count_work", "app_warning_count_request", "cross_warning_count_behaviour"),
        "in everything but the external scores",
        Concept.CREDIT_HISTORY,
    ),
    "cross_warning_count": (
        ("app_warning_count_scores", "cross_warning_count_without_scores"),
        "in the application and its history",
        Concept.EXTERNAL_SCORES,
    ),
}


for _name, (_flags, _phrase, _concept) in SUBJECTS.items():
    risk_flags.add(
        _name,
        flag_counter(_flags),
        tuple(flags.column for flags in _flags),
        unit="warning signs",
        meaning=f"Warning signs {_phrase}: {'; '.join(flags.phrase for flags in _flags)}.",
        minimum=0,
        maximum=sum(flags.maximum for flags in _flags),
        nullable=False,
        concept=_concept,
        monotone=1 if _flags is SCORES else 0,
    )
for _name, (_parts, _phrase, _concept) in SUMS.items():
    risk_flags.add(
        _name,
        known_sum,
        _parts,
        unit="warning signs",
        meaning=f"Warning signs {_phrase}.",
        minimum=0,
        nullable=False,
        concept=_concept,
    )
_DEDUCTIONS: tuple[tuple[str, str, str, Direction], ...] = (
    ("app_score_after_work", "app_warning_count_work", "in work and possessions", -1),
    ("app_score_after_request", "app_warning_count_request", "in the request", -1),
    ("cross_score_after_behaviour", "cross_warning_count_behaviour", "in everything the client did before", -1),
    ("cross_score_after_warnings", "cross_warning_count_without_scores", "in the application and its history", 0),
)
for _name, _deducted, _phrase, _direction in _DEDUCTIONS:
    risk_flags.add(
        _name,
        lambda score, count: score - DEDUCTION * count,
        ("app_ext_source_cautious_weighted", _deducted),
        unit="score, at most 1",
        meaning=f"Weighted external scores less {DEDUCTION} for each warning sign {_phrase}.",
        maximum=1,
        monotone=_direction,
    )
for _name, _phrase in {name: declared[1] for name, declared in (*SUBJECTS.items(), *SUMS.items())}.items():
    if _name != "app_warning_count_scores":
        risk_flags.ratios(
            "warning signs per unit of score",
            Pair(f"{_name}_per_ext_source", _name, "app_ext_source_cautious_mean").means(
                f"Warning signs {_phrase}, divided by the cautious average of the external scores: "
                "signs weigh more on a weak one."
            ),
        )
