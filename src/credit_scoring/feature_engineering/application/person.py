"""The applicant: work, contact data and papers, possessions."""

from functools import partial

import numpy as np

from credit_scoring.data_contracts.application.request_and_person import DOCUMENTS
from credit_scoring.feature_engineering.application.arithmetic import flag_count
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.concepts import Concept, protected_concept
from credit_scoring.feature_engineering.definition import DAYS_PER_YEAR

person = FeatureList(Concept.CONTACT_AND_PAPERS)

never_missing = partial(person.add, minimum=0, nullable=False)

YES_NO = "1 = yes, 0 = no"
# Document 6 is that of pensioners.
_DOCUMENTS = tuple(column.name for column in DOCUMENTS if protected_concept([column.name]) is None)


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
    "app_car_age_minus_employed",
    lambda car_age, days_employed: car_age + days_employed / DAYS_PER_YEAR,
    ("OWN_CAR_AGE", "DAYS_EMPLOYED"),
    unit="years",
    meaning="Age of the car less the years in the present job: below zero, it was bought from this wage.",
    concept=Concept.POSSESSIONS,
)
never_missing(
    "app_document_count",
    flag_count,
    _DOCUMENTS,
    unit="documents",
    meaning="How many documents of the lender's list, without that of pensioners, the client provided.",
    maximum=len(_DOCUMENTS),
)
never_missing(
    "app_contact_count",
    flag_count,
    ("FLAG_WORK_PHONE", "FLAG_CONT_MOBILE", "FLAG_PHONE", "FLAG_EMAIL"),
    unit="ways",
    meaning="In how many ways, besides the employer's phone, the client can be reached.",
    maximum=4,
)
