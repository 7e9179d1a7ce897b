"""application_train and application_test: the request for credit. One row per application.

The parts are in the order of the CSV file.
"""

from credit_scoring.data_contracts.application.bureau_enquiries import BUREAU_ENQUIRIES
from credit_scoring.data_contracts.application.documents import DOCUMENTS
from credit_scoring.data_contracts.application.external_scores import EXTERNAL_SCORES
from credit_scoring.data_contracts.application.housing import HOUSING
from credit_scoring.data_contracts.application.life_and_contact import LIFE_AND_CONTACT
from credit_scoring.data_contracts.application.published_test_profile import NULL_SHARES_OF_TEST
from credit_scoring.data_contracts.application.request_and_person import KEY, REQUEST_AND_PERSON, TARGET
from credit_scoring.data_contracts.application.social_circle import SOCIAL_CIRCLE
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


def _as_in_test(column: Column) -> Column:
    null_share = NULL_SHARES_OF_TEST.get(column.name, column.published_null_share)
    return column.model_copy(update={"published_null_share": null_share})


APPLICATION_TRAIN = Table(
    name="application_train",
    meaning="One row per application whose outcome is known.",
    columns=(KEY, TARGET, *DESCRIPTION),
    primary_key=("SK_ID_CURR",),
    sort_order=("SK_ID_CURR",),
    published_rows=307_511,
    is_main=True,
)

APPLICATION_TEST = Table(
    name="application_test",
    meaning="One row per application to be decided: the same columns without the outcome.",
    columns=(KEY, *map(_as_in_test, DESCRIPTION)),
    primary_key=("SK_ID_CURR",),
    sort_order=("SK_ID_CURR",),
    published_rows=48_744,
    is_main=True,
)
