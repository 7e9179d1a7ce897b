"""Business concepts: what a feature is about, and which concepts are protected.

A feature computed from a protected column belongs to a protected concept. Protected concepts are grounds on which the
law forbids to treat people differently, and whatever reveals them. They never become a reason, and their influence on a
decision is shown to the officer; docs/REASONS.md gives the law.
"""

from collections.abc import Iterable
from enum import StrEnum

from credit_scoring.data_contracts.application.housing import HOUSING


class Concept(StrEnum):
    """What features are about; the protected ones last."""

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
    """Of no feature: a feature must not mix protected columns with others. Older decisions are recorded with it."""

    @property
    def is_protected(self) -> bool:
        """Whether no client is ever given it as a reason."""
        return self in PROTECTED_COLUMNS or self is Concept.MIXED


PROTECTED_COLUMNS: dict[Concept, tuple[str, ...]] = {
    Concept.GENDER: ("CODE_GENDER",),
    Concept.AGE: ("DAYS_BIRTH",),
    Concept.FAMILY: ("NAME_FAMILY_STATUS", "CNT_CHILDREN", "CNT_FAM_MEMBERS", "NAME_TYPE_SUITE"),
    Concept.RESIDENCE: (
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
        *sorted(column.name for column in HOUSING),
    ),
    Concept.TRADE_AND_EDUCATION: ("NAME_EDUCATION_TYPE", "OCCUPATION_TYPE", "ORGANIZATION_TYPE"),
    # Document 6 is that of pensioners: 93 % of the first 5,000 published clients who provided it have no job.
    Concept.SOURCE_OF_INCOME: ("NAME_INCOME_TYPE", "FLAG_EMP_PHONE", "FLAG_DOCUMENT_6"),
    # One category of goods and one purpose of a loan is medicine.
    Concept.HEALTH: ("NAME_CASH_LOAN_PURPOSE", "NAME_GOODS_CATEGORY"),
    Concept.ACQUAINTANCES: (
        "OBS_30_CNT_SOCIAL_CIRCLE",
        "DEF_30_CNT_SOCIAL_CIRCLE",
        "OBS_60_CNT_SOCIAL_CIRCLE",
        "DEF_60_CNT_SOCIAL_CIRCLE",
    ),
    # No circumstance of the client explains these, so they are no reason that a client could understand.
    Concept.MOMENT: (
        *("WEEKDAY_APPR_PROCESS_START", "HOUR_APPR_PROCESS_START", "DAYS_REGISTRATION", "DAYS_ID_PUBLISH"),
        "DAYS_LAST_PHONE_CHANGE",
    ),
}
"""Raw columns that make whatever is computed from them protected."""

_CONCEPT_OF_COLUMN = {column: concept for concept, columns in PROTECTED_COLUMNS.items() for column in columns}


def protected_concept(raw_columns: Iterable[str]) -> Concept | None:
    """The protected concept of whatever is computed from these columns; None if no column is protected.

    Returns:
        `MIXED` if the columns belong to several concepts, of which one is protected.
    """
    concepts = {_CONCEPT_OF_COLUMN.get(column) for column in raw_columns}
    if concepts <= {None}:
        return None
    return concepts.pop() if len(concepts) == 1 else Concept.MIXED
