"""Enquiries about the applicant at the credit bureau."""

from credit_scoring.data_contracts.application.external_information import BUREAU_ENQUIRIES
from credit_scoring.feature_engineering.application.arithmetic import known_sum
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import more_is_riskier

enquiries = FeatureList(Concept.ENQUIRIES)

# From the last hour to the last year, each without the windows before it.
_WINDOWS = tuple(column.name for column in BUREAU_ENQUIRIES)

enquiries.add(
    "app_enquiry_count",
    known_sum,
    _WINDOWS,
    unit="enquiries",
    minimum=0,
    nullable=False,
    meaning="How often lenders asked the credit bureau about the client in the last year.",
    disclosure=more_is_riskier("count"),
)
enquiries.add(
    "app_enquiry_count_last_3_months",
    known_sum,
    _WINDOWS[:-1],
    unit="enquiries",
    minimum=0,
    nullable=False,
    meaning="How often lenders asked the credit bureau about the client in the last three months.",
    disclosure=more_is_riskier("count"),
)
