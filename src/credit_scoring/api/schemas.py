"""What the service takes and gives; the request derives from the contract of an application."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from credit_scoring.core.manifest import DataSource
from credit_scoring.scoring.scorer import Decision
from credit_scoring.tables import Column
from credit_scoring.tables.application import APPLICATION_TEST
from credit_scoring.tables.contract import largest_integer
from credit_scoring.tables.parquet import CLIENT

_LONGEST_CATEGORY = 100


def _described(column: Column) -> str:
    parts = [column.meaning]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.categories:
        parts.append(f"One of: {', '.join(column.categories)}.")
    if column.missing_codes:
        parts.append(f"Unknown: {', '.join(map(str, column.missing_codes))}.")
    return " ".join(parts)


def _field(column: Column) -> tuple[Any, Any]:
    """Type and field of one raw column; an unseen category is legal, it counts as missing."""
    value: Any
    if column.is_category:
        value = Annotated[str, Field(max_length=_LONGEST_CATEGORY)]
    elif column.type == "Float64":
        value = Annotated[float, Field(allow_inf_nan=False)]
    else:
        largest = largest_integer(column.type)
        value = Annotated[int, Field(ge=-largest - 1, le=largest)]
    optional = not column.required or column.name == CLIENT
    annotation = value | None if optional else value
    return annotation, Field(default=None if optional else ..., description=_described(column))


_fields: dict[str, Any] = {column.name: _field(column) for column in APPLICATION_TEST.columns}
Application: type[BaseModel] = create_model(
    "Application",
    __config__=ConfigDict(extra="forbid", frozen=True),
    __doc__="A request for credit: the raw columns of one application; what is unknown may be left out.",
    **_fields,
)


class Prediction(BaseModel):
    """The answer to one application."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    decision_id: str = Field(description="Under this id the decision stands in the ledger.")
    probability_of_default: float = Field(ge=0, le=1, description="Calibrated probability of default.")
    decision: Decision = Field(description="accepted below the threshold, refused at or above it.")
    threshold: float = Field(description="Probability at or above which an application is refused.")
    model_name: str
    model_version: int
    feature_version: int
    feature_date: datetime = Field(description="When the history features were published.")
    history_found: bool = Field(description="Whether the store knew the client's past loans.")
    data_source: DataSource = Field(description="synthetic: the model learned from generated clients.")


class Health(BaseModel):
    """Whether the service can answer."""

    model_config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    status: str
    version: str
    model_version: int
    feature_version: int
