"""Who applies: age and work, household, ways to reach the client, home, enquiries."""

from collections.abc import Callable

import numpy as np

from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application.bureau_enquiries import BUREAU_ENQUIRIES
from credit_scoring.data_contracts.application.documents import DOCUMENTS
from credit_scoring.data_contracts.application.housing import QUANTITY_COLUMNS
from credit_scoring.feature_engineering.application.arithmetic import (
    Values,
    flag_count,
    known_count,
    known_mean,
    known_sum,
    ratio,
)
from credit_scoring.feature_engineering.application.feature_list import FeatureList

person = FeatureList()

DAYS_PER_YEAR = 365.25
YES_NO = "1 = yes, 0 = no"
RENEWAL_AGES = (20.0, 45.0)
"""Ages at which a Russian identity paper has to be renewed."""

_DOCUMENTS = tuple(column.name for column in DOCUMENTS)
_AVERAGES = tuple(column.name for column in QUANTITY_COLUMNS if column.name.endswith("_AVG"))
_ENQUIRIES = tuple(column.name for column in BUREAU_ENQUIRIES)


@person.feature(
    unit=YES_NO,
    meaning="No present job is stated: pensioners and others without one.",
    minimum=0,
    maximum=1,
    nullable=False,
)
def app_without_job(DAYS_EMPLOYED: Values) -> Values:
    return np.isnan(DAYS_EMPLOYED).astype(np.float64)


def _one_of(column: str, *categories: str) -> Callable[[Values], Values]:
    declared = APPLICATION_TEST.column(column).categories
    answers = np.array([float(category in categories) for category in declared] + [np.nan])

    def is_one(values: Values) -> Values:
        # The place after the last category is that of the unknown.
        answer: Values = answers[np.fmin(values, len(declared)).astype(np.intp)]
        return answer

    return is_one


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
    (
        "app_employed_share_of_life",
        "DAYS_EMPLOYED",
        "DAYS_BIRTH",
        "Part of the client's life spent in the present job.",
    ),
    (
        "app_registration_share_of_life",
        "DAYS_REGISTRATION",
        "DAYS_BIRTH",
        "Part of the client's life since the last change of registered address.",
    ),
    (
        "app_id_share_of_life",
        "DAYS_ID_PUBLISH",
        "DAYS_BIRTH",
        "Part of the client's life since the identity paper was renewed.",
    ),
    (
        "app_phone_share_of_life",
        "DAYS_LAST_PHONE_CHANGE",
        "DAYS_BIRTH",
        "Part of the client's life since the last change of phone.",
    ),
)
person.ratios(
    "ratio",
    (
        "app_phone_to_employed",
        "DAYS_LAST_PHONE_CHANGE",
        "DAYS_EMPLOYED",
        "Time since the last change of phone relative to the time in the present job.",
    ),
    (
        "app_id_to_registration",
        "DAYS_ID_PUBLISH",
        "DAYS_REGISTRATION",
        "Time since the identity paper was renewed relative to the time at the registered address.",
    ),
    (
        "app_children_share_of_household",
        "CNT_CHILDREN",
        "CNT_FAM_MEMBERS",
        "Children as a share of the household.",
    ),
)
person.ratios(
    "share from 0 to 1",
    (
        "app_circle_share_30_days_late",
        "DEF_30_CNT_SOCIAL_CIRCLE",
        "OBS_30_CNT_SOCIAL_CIRCLE",
        "Share of the watched acquaintances who fell 30 days behind.",
    ),
    (
        "app_circle_share_60_days_late",
        "DEF_60_CNT_SOCIAL_CIRCLE",
        "OBS_60_CNT_SOCIAL_CIRCLE",
        "Share of the watched acquaintances who fell 60 days behind.",
    ),
)


def _years_between(later: Values, earlier: Values) -> Values:
    return (later - earlier) / DAYS_PER_YEAR


for _name, _event, _words in (
    ("app_age_at_job_start", "DAYS_EMPLOYED", "the present job started"),
    ("app_age_at_registration", "DAYS_REGISTRATION", "the registered address last changed"),
    ("app_age_at_id_renewal", "DAYS_ID_PUBLISH", "the identity paper was renewed"),
    ("app_age_at_phone_change", "DAYS_LAST_PHONE_CHANGE", "the phone last changed"),
):
    person.add(
        _name,
        _years_between,
        (_event, "DAYS_BIRTH"),
        unit="years",
        meaning=f"Age of the client when {_words}.",
    )


@person.feature(
    unit="years",
    meaning="How long after the age of 20 or 45, when it is due, the identity paper was renewed.",
)
def app_id_renewal_delay(DAYS_BIRTH: Values, app_age_at_id_renewal: Values) -> Values:
    first, second = RENEWAL_AGES
    due = np.where(DAYS_BIRTH <= -second * DAYS_PER_YEAR, second, first)
    return app_age_at_id_renewal - due


@person.feature(unit="ratio", meaning="Age of the car relative to the age of the client.", minimum=0)
def app_car_age_to_age(OWN_CAR_AGE: Values, DAYS_BIRTH: Values) -> Values:
    return ratio(OWN_CAR_AGE * -DAYS_PER_YEAR, DAYS_BIRTH)


@person.feature(
    unit="years",
    meaning="Age of the car less the years in the present job: below zero, it was bought from this wage.",
)
def app_car_age_minus_employed(OWN_CAR_AGE: Values, DAYS_EMPLOYED: Values) -> Values:
    return OWN_CAR_AGE + DAYS_EMPLOYED / DAYS_PER_YEAR


@person.feature(unit="currency units", meaning="Yearly income per year of age.", minimum=0)
def app_income_to_age(AMT_INCOME_TOTAL: Values, DAYS_BIRTH: Values) -> Values:
    return ratio(AMT_INCOME_TOTAL * -DAYS_PER_YEAR, DAYS_BIRTH)


@person.feature(unit="grade", meaning="Sum of the two grades of the client's region.", minimum=2, maximum=6)
def app_region_rating_sum(REGION_RATING_CLIENT: Values, REGION_RATING_CLIENT_W_CITY: Values) -> Values:
    return REGION_RATING_CLIENT + REGION_RATING_CLIENT_W_CITY


person.add(
    "app_document_count",
    flag_count,
    _DOCUMENTS,
    unit="papers",
    meaning="How many papers of the lender's list were handed in.",
    minimum=0,
    maximum=len(_DOCUMENTS),
    nullable=False,
)
person.add(
    "app_contact_count",
    flag_count,
    ("FLAG_EMP_PHONE", "FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL"),
    unit="ways",
    meaning="In how many ways the client can be reached.",
    minimum=0,
    maximum=5,
    nullable=False,
)
person.add(
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
    minimum=0,
    maximum=6,
    nullable=False,
)
person.add(
    "app_building_known_count",
    known_count,
    _AVERAGES,
    unit="quantities",
    meaning="How much is known about the building the client lives in: quantities out of fourteen.",
    minimum=0,
    maximum=len(_AVERAGES),
    nullable=False,
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
person.add(
    "app_enquiry_count",
    known_sum,
    _ENQUIRIES,
    unit="enquiries",
    meaning="How often lenders asked the credit bureau about the client in the last year.",
    minimum=0,
    nullable=False,
)
person.add(
    "app_enquiry_count_last_3_months",
    known_sum,
    _ENQUIRIES[:-1],
    unit="enquiries",
    meaning="How often lenders asked the credit bureau about the client in the last three months.",
    minimum=0,
    nullable=False,
)


@person.feature(
    unit=YES_NO, meaning="The client applied on a Saturday or Sunday.", minimum=0, maximum=1, nullable=False
)
def app_on_weekend(WEEKDAY_APPR_PROCESS_START: Values) -> Values:
    return (WEEKDAY_APPR_PROCESS_START >= 5).astype(np.float64)
