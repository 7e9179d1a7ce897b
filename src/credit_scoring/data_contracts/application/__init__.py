"""application_train and application_test: the request for credit. One row per application.

The parts are in the order of the CSV file.
"""

from functools import partial

from credit_scoring.data_contracts.application.external_information import (
    BUREAU_ENQUIRIES,
    EXTERNAL_SCORES,
    SOCIAL_CIRCLE,
)
from credit_scoring.data_contracts.application.housing import HOUSING, QUANTITIES, STATISTICS
from credit_scoring.data_contracts.application.life_and_contact import LIFE_AND_CONTACT
from credit_scoring.data_contracts.application.request_and_person import DOCUMENTS, KEY, REQUEST_AND_PERSON, TARGET
from credit_scoring.data_contracts.contract import Column, Table

__all__ = ["APPLICATION_TEST", "APPLICATION_TRAIN"]

DESCRIPTION: tuple[Column, ...] = (
    *REQUEST_AND_PERSON,
    *LIFE_AND_CONTACT,
    *EXTERNAL_SCORES,
    *HOUSING,
    *SOCIAL_CIRCLE,
    *DOCUMENTS,
    *BUREAU_ENQUIRIES,
)

# Null shares of the published application_test where they differ from application_train.
NULL_SHARES_OF_TEST = {
    "AMT_ANNUITY": 0.000492,
    "AMT_GOODS_PRICE": 0.0,
    "NAME_TYPE_SUITE": 0.018689,
    "OWN_CAR_AGE": 0.662892,
    "OCCUPATION_TYPE": 0.320142,
    "CNT_FAM_MEMBERS": 0.0,
    "EXT_SOURCE_1": 0.421221,
    "EXT_SOURCE_2": 0.000164,
    "EXT_SOURCE_3": 0.177827,
    **{f"{name}_{suffix}": null_share for suffix in STATISTICS for name, _, _, null_share in QUANTITIES},
    "FONDKAPREMONT_MODE": 0.672842,
    "HOUSETYPE_MODE": 0.484552,
    "TOTALAREA_MODE": 0.464139,
    "WALLSMATERIAL_MODE": 0.490173,
    "EMERGENCYSTATE_MODE": 0.455625,
    **{column.name: 0.000595 for column in SOCIAL_CIRCLE},
    "DAYS_LAST_PHONE_CHANGE": 0.0,
    **{column.name: 0.124097 for column in BUREAU_ENQUIRIES},
}


def _as_in_test(column: Column) -> Column:
    null_share = NULL_SHARES_OF_TEST.get(column.name, column.null_share)
    return column.model_copy(update={"null_share": null_share})


_main_table = partial(Table, primary_key=("SK_ID_CURR",), sort_order=("SK_ID_CURR",), is_main=True)
APPLICATION_TRAIN = _main_table(
    name="application_train",
    meaning="One row per application whose outcome is known.",
    columns=(KEY, TARGET, *DESCRIPTION),
    published_rows=307_511,
)
APPLICATION_TEST = _main_table(
    name="application_test",
    meaning="One row per application to be decided: the same columns without the outcome.",
    columns=(KEY, *map(_as_in_test, DESCRIPTION)),
    published_rows=48_744,
    is_optional=True,
)
