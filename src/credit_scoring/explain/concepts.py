"""Which business concept a feature belongs to: exactly one, which a client may be told or may not.

Withheld concepts are grounds on which nobody may be treated differently, and whatever betrays them; docs/REASONS.md
gives the law. They never become a reason, and their influence on a decision is shown to the officer.
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache

from credit_scoring.feature_engineering.application import APPLICATION_FEATURES

BUILDING = frozenset(
    f"{quantity}_{kind}"
    for quantity in (
        "APARTMENTS BASEMENTAREA YEARS_BEGINEXPLUATATION YEARS_BUILD COMMONAREA ELEVATORS ENTRANCES FLOORSMAX FLOORSMIN"
        " LANDAREA LIVINGAPARTMENTS LIVINGAREA NONLIVINGAPARTMENTS NONLIVINGAREA FONDKAPREMONT HOUSETYPE TOTALAREA"
        " WALLSMATERIAL EMERGENCYSTATE"
    ).split()
    for kind in ("AVG", "MODE", "MEDI")
)


class Concept(StrEnum):
    """What features are about; the withheld ones last."""

    EXTERNAL_SCORES = "external_scores"
    PAYMENTS_WITH_US = "payments_with_us"
    LOANS_WITH_US = "loans_with_us"
    CARDS_WITH_US = "cards_with_us"
    EARLIER_APPLICATIONS = "earlier_applications"
    PAYMENTS_ELSEWHERE = "payments_elsewhere"
    DEBTS_ELSEWHERE = "debts_elsewhere"
    CREDIT_HISTORY = "credit_history"
    ENQUIRIES = "enquiries"
    AFFORDABILITY = "affordability"
    LOAN_REQUESTED = "loan_requested"
    INCOME_AND_WORK = "income_and_work"
    CONTACT_AND_PAPERS = "contact_and_papers"
    POSSESSIONS = "possessions"

    GENDER = "gender"
    AGE = "age"
    FAMILY = "family"
    RESIDENCE = "residence"
    TRADE_AND_EDUCATION = "trade_and_education"
    SOURCE_OF_INCOME = "source_of_income"
    HEALTH = "health"
    ACQUAINTANCES = "acquaintances"
    MOMENT = "moment"
    MIXED = "mixed"

    @property
    def is_withheld(self) -> bool:
        """Whether no client is ever given it as a reason."""
        return self in WITHHELD


WITHHELD: dict[Concept, str] = {
    Concept.GENDER: "Sex. French penal code art. 225-1; Directive 2004/113/EC; Charter of Fundamental Rights art. 21.",
    Concept.AGE: "Age. French penal code art. 225-1; Charter art. 21.",
    Concept.FAMILY: "Family situation: marriage, children, household, company. French penal code art. 225-1.",
    Concept.RESIDENCE: "Place of residence: region, its grade, addresses, the building, and how the client is housed, "
    "which betrays age and family. French penal code art. 225-1.",
    Concept.TRADE_AND_EDUCATION: "Trade, employer's branch and education: proxies of social origin and of sex. "
    "Charter art. 21.",
    Concept.SOURCE_OF_INCOME: "Pension, maternity leave, studies, or no job: proxies of age, pregnancy and health. "
    "French penal code art. 225-1.",
    Concept.HEALTH: "What an earlier loan was for: medicine and treatment are among the answers. GDPR art. 9; "
    "Directive (EU) 2023/2225 art. 18(3).",
    Concept.ACQUAINTANCES: "How other people pay: personal data of others, and no circumstance of the client's own. "
    "Directive (EU) 2023/2225 art. 18(3) admits no social networks.",
    Concept.MOMENT: "Weekday and hour of an application: they may betray religion and way of life, and are no economic "
    "circumstance (Directive (EU) 2023/2225 art. 18(3)).",
    Concept.MIXED: "Computed with a withheld attribute among others, so that it betrays it: the law of that attribute.",
}
"""Why a concept is withheld."""

WITHHELD_COLUMNS: dict[str, Concept] = {
    "CODE_GENDER": Concept.GENDER,
    "DAYS_BIRTH": Concept.AGE,
    **dict.fromkeys(
        ("NAME_FAMILY_STATUS", "CNT_CHILDREN", "CNT_FAM_MEMBERS", "NAME_TYPE_SUITE"), Concept.FAMILY
    ),
    **dict.fromkeys(
        (
            "REGION_POPULATION_RELATIVE",
            "REGION_RATING_CLIENT",
            "REGION_RATING_CLIENT_W_CITY",
            "REG_REGION_NOT_LIVE_REGION",
            "REG_REGION_NOT_WORK_REGION",
            "LIVE_REGION_NOT_WORK_REGION",
            "REG_CITY_NOT_LIVE_CITY",
            "REG_CITY_NOT_WORK_CITY",
            "LIVE_CITY_NOT_WORK_CITY",
            "NAME_HOUSING_TYPE",
            *sorted(BUILDING),
        ),
        Concept.RESIDENCE,
    ),
    **dict.fromkeys(
        ("NAME_EDUCATION_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE"), Concept.TRADE_AND_EDUCATION
    ),
    # Paper 6 is that of pensioners: of the first 5,000 published clients 93 % of those who gave it have no job.
    **dict.fromkeys(("NAME_INCOME_TYPE", "FLAG_EMP_PHONE", "FLAG_DOCUMENT_6"), Concept.SOURCE_OF_INCOME),
    **dict.fromkeys(("NAME_CASH_LOAN_PURPOSE", "NAME_GOODS_CATEGORY"), Concept.HEALTH),
    **dict.fromkeys(
        (
            "OBS_30_CNT_SOCIAL_CIRCLE",
            "DEF_30_CNT_SOCIAL_CIRCLE",
            "OBS_60_CNT_SOCIAL_CIRCLE",
            "DEF_60_CNT_SOCIAL_CIRCLE",
        ),
        Concept.ACQUAINTANCES,
    ),
    **dict.fromkeys(("WEEKDAY_APPR_PROCESS_START", "HOUR_APPR_PROCESS_START"), Concept.MOMENT),
}
"""Raw columns that make whatever is computed from them withheld."""

HISTORY = "history"
"""Stands for all columns of the other tables."""

EXCEPTIONS: dict[str, tuple[Concept, str]] = {
    "app_document_count": (Concept.CONTACT_AND_PAPERS, "A number of papers does not say which they are."),
    "app_without_job": (Concept.SOURCE_OF_INCOME, "Marks pensioners, although it is computed from the job."),
    "previous_goods_latest": (Concept.HEALTH, "One category of goods is medicine."),
    "previous_purpose_latest": (Concept.HEALTH, "One purpose is medicine."),
    "previous_hour_latest": (Concept.MOMENT, "The hour of an earlier application."),
}
"""Features that do not follow the rules, and why."""

_LATE = "late(?!st)"
_PATTERNS: tuple[tuple[Concept, str], ...] = (
    (Concept.EXTERNAL_SCORES, r".*(ext_source|score_after|warning_count_scores).*"),
    (Concept.ENQUIRIES, r".*(amt_req_credit_bureau|enquir).*"),
    (
        Concept.PAYMENTS_ELSEWHERE,
        rf"bureau_balance_.*({_LATE}|grade).*|bureau_.*(arrears|days_{_LATE}|prolonged|sold_or_bad|past_planned_end).*"
        r"|cross_bureau_worst_arrears.*",
    ),
    (Concept.CREDIT_HISTORY, r"bureau_balance_.*|cross_warning_count_(bureau|behaviour)"),
    (
        Concept.DEBTS_ELSEWHERE,
        r"bureau_.*(active|debt|credit_(mean|max|sum|latest)|card_limit|annuity|open|microloan|last_\d+_days|left).*"
        r"|cross_bureau_.*",
    ),
    (Concept.CREDIT_HISTORY, r"bureau_.*|previous_days_since_decision_(mean|max)"),
    (
        Concept.PAYMENTS_WITH_US,
        rf"(installments|pos|card|previous)_.*({_LATE}|delay|_early|paid_share|shortfall|overpa|underpaid|in_parts"
        r"|minimum|since_due).*|cross_warning_count_payment",
    ),
    (Concept.CARDS_WITH_US, r"card_.*|cross_card_.*"),
    (
        Concept.LOANS_WITH_US,
        r"(installments|pos)_.*|cross_(left_to_pay|paid_last_year).*"
        r"|previous_(.*_running|status_latest|(credit_(mean|max|sum|latest)|annuity_.*|term_.*)_approved)",
    ),
    (Concept.EARLIER_APPLICATIONS, r"previous_.*|cross_warning_count_previous"),
    (Concept.AFFORDABILITY, r"app_.*(_to_income|income_minus_annuity)|cross_(all_annuities|debt).*"),
    (
        Concept.LOAN_REQUESTED,
        r"app_(name_contract_type|amt_(credit|annuity|goods_price)|implied|warning_count_request).*"
        r"|app_(credit|goods_price)_.*|cross_(annuity|credit|goods_price|term|rate)_.*",
    ),
    (Concept.INCOME_AND_WORK, r"app_(amt_income_total|days_employed)"),
    (
        Concept.CONTACT_AND_PAPERS,
        r"app_(days_(registration|id_publish|last_phone_change)|flag_.*(phone|mobil|email|document).*|document_count"
        r"|phone_to_employed|id_to_registration)",
    ),
    (Concept.POSSESSIONS, r"app_(flag_own|own_car|car_age).*"),
)
"""Names of what is not withheld; the first pattern that fits counts."""


def concept_of(feature: str) -> Concept:
    """The concept of a feature, by its name and, for application features, by what it is computed from.

    History features are judged by name alone: nothing of what computes them is loaded in the service.

    Raises:
        ValueError: no rule speaks of the feature.
    """
    if feature in EXCEPTIONS:
        return EXCEPTIONS[feature][0]
    grounds = {WITHHELD_COLUMNS.get(column) for column in raw_columns_of(feature)}
    if len(grounds) == 1 and (ground := next(iter(grounds))) is not None:
        return ground
    if grounds - {None}:
        return Concept.MIXED
    for concept, pattern in _PATTERNS:
        if re.fullmatch(pattern, feature):
            return concept
    raise ValueError(f"no concept for the feature {feature}; add it to the patterns of {__name__}")


@cache
def raw_columns_of(feature: str) -> frozenset[str]:
    """Raw application columns behind an application feature, through all features between, and `HISTORY`."""
    inputs = _inputs().get(feature, ())
    own = {name for name in inputs if name.isupper()}
    # A history feature brings something of its own, which is no column of the application.
    past = {HISTORY for name in inputs if not name.isupper() and name not in _inputs()}
    return frozenset(own.union(past, *(raw_columns_of(name) for name in inputs)))


def concepts_of(features: Sequence[str]) -> tuple[Concept, ...]:
    """The concept of each feature; raises like `concept_of`."""
    return tuple(concept_of(feature) for feature in features)


@cache
def _inputs() -> dict[str, tuple[str, ...]]:
    return {feature.name: feature.inputs for feature in APPLICATION_FEATURES}
