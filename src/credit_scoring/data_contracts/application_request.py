"""Pydantic models of one application and of many, derived from the contract of the raw table.

Types are strict: true is not 1 and "1" is not 1. A whole number may be written 2 or 2.0, as many JSON encoders do.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, FailFast, Field, WithJsonSchema, create_model

from credit_scoring.data_contracts.accepted_values import MAX_CATEGORY_LENGTH, allowed_values, example_of, limits_of
from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.contract import CLIENT, Column

RawColumns = Mapping[str, float | int | str | None]
"""Raw application columns by name; absent ones are missing."""

MAX_APPLICATIONS: Final = 1_000

_WITHOUT_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f]*$"
_STRICT = ConfigDict(extra="forbid", frozen=True, strict=True)


def _value(column: Column) -> Any:
    if column.is_category:
        return Annotated[str, Field(min_length=1, max_length=MAX_CATEGORY_LENGTH, pattern=_WITHOUT_CONTROL_CHARACTERS)]
    limits = limits_of(column)
    if column.type == "Float64":
        return Annotated[float, Field(ge=limits.minimum, le=limits.maximum, allow_inf_nan=False)]
    whole = _whole(int(limits.minimum), int(limits.maximum))
    for code in limits.codes:
        whole = whole | _whole(code, code)
    return whole


def _whole(minimum: int, maximum: int) -> Any:
    """A whole number, also written with a decimal point; `multiple_of` would accept 2.0000000001."""
    as_integer = Annotated[int, Field(ge=minimum, le=maximum)]
    with_decimal_point = Annotated[
        float, Field(ge=minimum, le=maximum, allow_inf_nan=False), AfterValidator(_without_fraction)
    ]
    schema = {"type": "integer", "minimum": minimum, "maximum": maximum}
    return Annotated[as_integer | with_decimal_point, Field(union_mode="left_to_right"), WithJsonSchema(schema)]


def _without_fraction(value: float) -> int:
    if not value.is_integer():
        raise ValueError("not a whole number")
    return int(value)


def _field(column: Column) -> tuple[Any, Any]:
    value, unit = _value(column), f" Unit: {column.unit}." if column.unit else ""
    description = f"{column.meaning}{unit} Allowed: {allowed_values(column)}."
    examples = [example_of(column)]
    if column.required and column.name != CLIENT:
        return value, Field(description=description, examples=examples)
    return value | None, Field(default=None, description=description, examples=examples)


EXAMPLE: Final[dict[str, float | int | str]] = {column.name: example_of(column) for column in APPLICATION_TEST.columns}
"""A valid application."""

_fields: dict[str, Any] = {column.name: _field(column) for column in APPLICATION_TEST.columns}
Application: type[BaseModel] = create_model(
    "Application",
    __config__=_STRICT | ConfigDict(json_schema_extra={"example": dict(EXAMPLE)}),
    __doc__="The raw columns of one credit application. Omit unknown values or send null.",
    **_fields,
)


class Applications(BaseModel):
    """Several credit applications, answered together."""

    model_config = _STRICT

    applications: Annotated[
        list[Application], FailFast(), Field(min_length=1, max_length=MAX_APPLICATIONS, examples=[[EXAMPLE]])
    ]


def raw_columns_of(application: BaseModel) -> dict[str, float | int | str | None]:
    """Raw columns of an application by name, without unknown ones."""
    return {name: value for name, value in vars(application).items() if value is not None}


def client_of(values: RawColumns) -> int | None:
    """SK_ID_CURR of the applicant; None for a new client."""
    number = values.get(CLIENT)
    return None if number is None else int(number)


_KNOWN_CATEGORIES: tuple[tuple[str, frozenset[object]], ...] = tuple(
    (column.name, frozenset((*column.categories, *column.missing_codes)))
    for column in APPLICATION_TEST.columns
    if column.is_category
)


def unseen_categories(values: RawColumns) -> list[str]:
    """Columns whose category the contract does not know; a model treats it as missing."""
    return [name for name, known in _KNOWN_CATEGORIES if values.get(name) is not None and values[name] not in known]
