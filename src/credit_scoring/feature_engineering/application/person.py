"""The applicant: age and work, household, contact data, home, enquiries."""

from collections.abc import Callable
from functools import partial

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application.external_information import BUREAU_ENQUIRIES
from credit_scoring.data_contracts.application.housing import QUANTITY_COLUMNS
from credit_scoring.data_contracts.application.request_and_person import DOCUMENTS
from credit_scoring.feature_engineering.application.arithmetic import (
    Values,
    flag_count,
    known_count,
    known_mean,
    known_sum,
    ratio,
)
from credit_scoring.feature_engineering.application.feature_list import FeatureList, Pair
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR, MONEY, less_is_riskier, more_is_riskier

person = FeatureList(Concept.MIXED)
"""Most of these features are computed from protected columns; the others name their concept."""

never_missing = partial(person.add, minimum=0, nullable=False)

YES_NO = "1 = yes, 0 = no"
RENEWAL_AGES = (20.0, 45.0)
"""Ages at which a Russian identity document has to be renewed."""

_DOCUMENTS = tuple(column.name for column in DOCUMENTS)
_AVERAGES = tuple(column.name for column in QUANTITY_COLUMNS if column.name.endswith("_AVG"))
_ENQUIRIES = tuple(column.name for column in BUREAU_ENQUIRIES)


def _one_of(column: str, *categories: str, unknown: float = np.nan) -> Callable[[Values], Values]:
    declared = APPLICATION_TEST.column(column).categories
    answers = np.array([*(float(category in categories) for category in declared), unknown])

    def is_one(codes: Values) -> Values:
        # The index after the last category is that of an unknown one.
        answer: Values = answers[np.fmin(codes, len(declared)).astype(np.intp)]
        return answer

    return is_one


never_missing(
    "app_without_job",
    lambda days_employed: np.isnan(days_employed).astype(np.float64),
    ("DAYS_EMPLOYED",),
    unit=YES_NO,
    meaning="No present job is stated: pensioners and others without one.",
    concept=Concept.SOURCE_OF_INCOME,
    concept_because="Marks pensioners, although it is computed from the job.",
    maximum=1,
)
person.add(
    "app_without_spouse",
    _one_of("NAME_FAMILY_STATUS", "Single / not married", "Civil marriage", "Separated"),
    ("NAME_FAMILY_STATUS",),
    unit=YES_NO,
    meaning="The client is single, separated, or in a couple without a wedding.",
    minimum=0,
    maximum=1,
)
person.add(
    "app_without_own_home",
    _one_of("NAME_HOUSING_TYPE", "With parents", "Rented apartment", "Municipal apartment"),
    ("NAME_HOUSING_TYPE",),
    unit=YES_NO,
    meaning="The client lives with parents, in a rented flat or in one of the town's.",
    minimum=0,
    maximum=1,
)
person.ratios(
    "share of the client's life",
    Pair("app_employed_share_of_life", "DAYS_EMPLOYED", "DAYS_BIRTH").means(
        "Part of the client's life spent in the present job."
    ),
    Pair("app_registration_share_of_life", "DAYS_REGISTRATION", "DAYS_BIRTH").means(
        "Part of the client's life since the last change of registered address."
    ),
    Pair("app_id_share_of_life", "DAYS_ID_PUBLISH", "DAYS_BIRTH").means(
        "Part of the client's life since the identity document was renewed."
    ),
    Pair("app_phone_share_of_life", "DAYS_LAST_PHONE_CHANGE", "DAYS_BIRTH").means(
        "Part of the client's life since the last change of phone."
    ),
)
person.ratios(
    "ratio",
    Pair("app_phone_to_employed", "DAYS_LAST_PHONE_CHANGE", "DAYS_EMPLOYED").means(
        "Time since the last change of phone relative to the time in the present job."
    ),
    Pair("app_id_to_registration", "DAYS_ID_PUBLISH", "DAYS_REGISTRATION").means(
        "Time since the identity document was renewed relative to the time at the registered address."
    ),
    concept=Concept.CONTACT_AND_PAPERS,
)
person.ratios(
    "ratio",
    Pair("app_children_share_of_household", "CNT_CHILDREN", "CNT_FAM_MEMBERS").means(
        "Children as a share of the household."
    ),
)
person.ratios(
    "share from 0 to 1",
    Pair("app_circle_share_30_days_late", "DEF_30_CNT_SOCIAL_CIRCLE", "OBS_30_CNT_SOCIAL_CIRCLE").means(
        "Share of the watched acquaintances who fell 30 days behind."
    ),
    Pair("app_circle_share_60_days_late", "DEF_60_CNT_SOCIAL_CIRCLE", "OBS_60_CNT_SOCIAL_CIRCLE").means(
        "Share of the watched acquaintances who fell 60 days behind."
    ),
)


def _years_between(later: Values, earlier: Values) -> Values:
    return (later - earlier) / DAYS_PER_YEAR


def _since_renewal_was_due(days_birth: Values, age_at_renewal: Values) -> Values:
    first, second = RENEWAL_AGES
    due: Values = np.where(days_birth <= -second * DAYS_PER_YEAR, second, first)
    return age_at_renewal - due


for _name, _event, _phrase in (
    ("app_age_at_job_start", "DAYS_EMPLOYED", "the present job started"),
    ("app_age_at_registration", "DAYS_REGISTRATION", "the registered address last changed"),
    ("app_age_at_id_renewal", "DAYS_ID_PUBLISH", "the identity document was renewed"),
    ("app_age_at_phone_change", "DAYS_LAST_PHONE_CHANGE", "the phone last changed"),
):
    person.add(
        _name, _years_between, (_event, "DAYS_BIRTH"), unit="years", meaning=f"Age of the client when {_phrase}."
    )
person.add(
    "app_id_renewal_delay",
    _since_renewal_was_due,
    ("DAYS_BIRTH", "app_age_at_id_renewal"),
    unit="years",
    meaning="How long after the age of 20 or 45, when it is due, the identity document was renewed.",
)
person.add(
    "app_car_age_to_age",
    lambda car_age, days_birth: ratio(car_age * -DAYS_PER_YEAR, days_birth),
    ("OWN_CAR_AGE", "DAYS_BIRTH"),
    unit="ratio",
    meaning="Age of the car relative to the age of the client.",
    minimum=0,
)
person.add(
    "app_car_age_minus_employed",
    lambda car_age, days_employed: car_age + days_employed / DAYS_PER_YEAR,
    ("OWN_CAR_AGE", "DAYS_EMPLOYED"),
    unit="years",
    meaning="Age of the car less the years in the present job: below zero, it was bought from this wage.",
    concept=Concept.POSSESSIONS,
)
person.add(
    "app_income_to_age",
    lambda income, days_birth: ratio(income * -DAYS_PER_YEAR, days_birth),
    ("AMT_INCOME_TOTAL", "DAYS_BIRTH"),
    unit=MONEY,
    meaning="Yearly income per year of age.",
    minimum=0,
)
person.add(
    "app_region_rating_sum",
    np.add,
    ("REGION_RATING_CLIENT", "REGION_RATING_CLIENT_W_CITY"),
    unit="grade",
    meaning="Sum of the two grades of the client's region.",
    minimum=2,
    maximum=6,
)
never_missing(
    "app_document_count",
    flag_count,
    _DOCUMENTS,
    unit="documents",
    meaning="How many documents of the lender's list the client provided.",
    concept=Concept.CONTACT_AND_PAPERS,
    concept_because="A number of documents does not say which they are.",
    disclosure=less_is_riskier("count"),
    maximum=len(_DOCUMENTS),
)
never_missing(
    "app_contact_count",
    flag_count,
    ("FLAG_EMP_PHONE", "FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL"),
    unit="ways",
    meaning="In how many ways the client can be reached.",
    maximum=5,
)
never_missing(
    "app_address_mismatch_count",
    flag_count,
    (
        "REG_REGION_NOT_LIVE_REGION",
        "REG_REGION_NOT_WORK_REGION",
        "LIVE_REGION_NOT_WORK_REGION",
        "REG_CITY_NOT_LIVE_CITY",
        "REG_CITY_NOT_WORK_CITY",
        "LIVE_CITY_NOT_WORK_CITY",
    ),
    unit="mismatches",
    meaning="How many of six comparisons between registered, home and work address fail.",
    maximum=6,
)
never_missing(
    "app_building_known_count",
    known_count,
    _AVERAGES,
    unit="quantities",
    meaning="How much is known about the building the client lives in: quantities out of fourteen.",
    maximum=len(_AVERAGES),
)
person.add(
    "app_building_mean",
    known_mean,
    _AVERAGES,
    unit="rescaled from 0 to 1",
    meaning="Average of the known quantities of the building: bigger and newer buildings score higher.",
    minimum=0,
    maximum=1,
)
never_missing(
    "app_enquiry_count",
    known_sum,
    _ENQUIRIES,
    unit="enquiries",
    meaning="How often lenders asked the credit bureau about the client in the last year.",
    concept=Concept.ENQUIRIES,
    disclosure=more_is_riskier("count"),
)
never_missing(
    "app_enquiry_count_last_3_months",
    known_sum,
    _ENQUIRIES[:-1],
    unit="enquiries",
    meaning="How often lenders asked the credit bureau about the client in the last three months.",
    concept=Concept.ENQUIRIES,
    disclosure=more_is_riskier("count"),
)
never_missing(
    "app_on_weekend",
    _one_of("WEEKDAY_APPR_PROCESS_START", "SATURDAY", "SUNDAY", unknown=0.0),
    ("WEEKDAY_APPR_PROCESS_START",),
    unit=YES_NO,
    meaning="The client applied on a Saturday or Sunday.",
    maximum=1,
)
