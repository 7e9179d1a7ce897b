"""The application's own columns as features, unchanged."""

from credit_scoring.data_contracts.application.external_information import BUREAU_ENQUIRIES
from credit_scoring.data_contracts.application.request_and_person import DOCUMENTS
from credit_scoring.feature_engineering.application.arithmetic import unchanged
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS
from credit_scoring.feature_engineering.application.feature_list import FeatureList
from credit_scoring.feature_engineering.application.training_statistics import EXTERNAL_SCORES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.feature_engineering.definition import CATEGORY_INDEX, less_is_riskier, more_is_riskier

# The concept of every column that is not protected; `with_protected_concepts` sets those that are.
_CONCEPTS = {
    Concept.LOAN_REQUESTED: ("NAME_CONTRACT_TYPE", "AMT_CREDIT", "AMT_ANNUITY", "AMT_GOODS_PRICE"),
    Concept.INCOME_AND_WORK: ("AMT_INCOME_TOTAL", "DAYS_EMPLOYED"),
    Concept.POSSESSIONS: ("FLAG_OWN_CAR", "FLAG_OWN_REALTY", "OWN_CAR_AGE"),
    Concept.CONTACT_AND_PAPERS: (
        *("FLAG_WORK_PHONE", "FLAG_PHONE", "FLAG_EMAIL"),
        *(column.name for column in DOCUMENTS),
    ),
    Concept.EXTERNAL_SCORES: EXTERNAL_SCORES,
    Concept.ENQUIRIES: tuple(column.name for column in BUREAU_ENQUIRIES),
}
_CONCEPT_OF = {column: concept for concept, columns in _CONCEPTS.items() for column in columns}
_DISCLOSED = {
    "AMT_CREDIT": more_is_riskier("amount"),
    "AMT_ANNUITY": more_is_riskier("amount"),
    "AMT_GOODS_PRICE": less_is_riskier("amount"),
    "AMT_INCOME_TOTAL": less_is_riskier("amount"),
    # Stored as days before the application, below zero: closer to zero is shorter.
    "DAYS_EMPLOYED": more_is_riskier("days_in_years"),
    "OWN_CAR_AGE": more_is_riskier("years"),
    **dict.fromkeys(EXTERNAL_SCORES, less_is_riskier("score")),
    "AMT_REQ_CREDIT_BUREAU_QRT": more_is_riskier("count"),
    "AMT_REQ_CREDIT_BUREAU_YEAR": more_is_riskier("count"),
}

raw_columns = FeatureList(Concept.MIXED)

# A linear model and LightGBM, fitted on the sample, did not use these: at least 99.8 % of the clients have the same
# value, and FLAG_EMP_PHONE repeats app_without_job. The documents and FLAG_CONT_MOBILE still count in
# app_document_count and app_contact_count.
WITHOUT_INFORMATION = {
    *("FLAG_MOBIL", "FLAG_CONT_MOBILE", "FLAG_EMP_PHONE"),
    *(f"FLAG_DOCUMENT_{number}" for number in (2, 4, 7, 10, 12)),
}
# Documents that almost no client provided.
_NEARLY_CONSTANT = {f"FLAG_DOCUMENT_{number}" for number in (14, 15, 17, 19, 20, 21)}


for _column in (column for column in ENCODED_COLUMNS if column.name not in WITHOUT_INFORMATION):
    raw_columns.add(
        f"app_{_column.name.lower()}",
        unchanged,
        (_column.name,),
        unit=CATEGORY_INDEX if _column.is_category else _column.unit,
        meaning=_column.meaning,
        concept=_CONCEPT_OF.get(_column.name),
        disclosure=_DISCLOSED.get(_column.name),
        monotone=-1 if _column.name in EXTERNAL_SCORES else 0,
        minimum=0 if _column.is_category else _column.minimum,
        maximum=len(_column.categories) - 1 if _column.is_category else _column.maximum,
        nullable=not _column.required,
        constant_because=(
            "Fewer than one application in a hundred differs." if _column.name in _NEARLY_CONSTANT else ""
        ),
    )
