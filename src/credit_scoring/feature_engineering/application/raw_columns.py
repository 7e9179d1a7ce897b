"""The application's own columns, passed on as they are."""

from credit_scoring.data_contracts.contract import Column
from credit_scoring.feature_engineering.application.arithmetic import unchanged
from credit_scoring.feature_engineering.application.encoding import ENCODED_COLUMNS
from credit_scoring.feature_engineering.application.feature_list import FeatureList

raw_columns = FeatureList()

# Papers that next to nobody handed in, and a mobile number that next to everybody left.
_NEARLY_CONSTANT = {
    "FLAG_MOBIL",
    "FLAG_CONT_MOBILE",
    *(f"FLAG_DOCUMENT_{number}" for number in (2, 4, 7, 10, 12, 14, 15, 17, 19, 20, 21)),
}


def _unit(column: Column) -> str:
    return "place in the contract's list of categories" if column.is_category else column.unit


for _column in ENCODED_COLUMNS:
    raw_columns.add(
        f"app_{_column.name.lower()}",
        unchanged,
        (_column.name,),
        unit=_unit(_column),
        meaning=_column.meaning,
        minimum=0 if _column.is_category else _column.minimum,
        maximum=len(_column.categories) - 1 if _column.is_category else _column.maximum,
        nullable=not _column.required,
        constant_because=(
            "Fewer than one application in a hundred differs." if _column.name in _NEARLY_CONSTANT else ""
        ),
    )
