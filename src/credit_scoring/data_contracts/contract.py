"""What a contract is made of: columns, keys and tables."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ColumnType = Literal["Int8", "Int16", "Int32", "Int64", "Float64", "String"]

CLIENT = "SK_ID_CURR"
"""Number of a client's application: the key that all tables share."""

INTEGER_BITS: dict[ColumnType, int] = {"Int8": 8, "Int16": 16, "Int32": 32, "Int64": 64}


def largest_integer(column_type: ColumnType) -> int:
    """The largest value an integer type holds; KeyError for the other types."""
    return (1 << (INTEGER_BITS[column_type] - 1)) - 1


class Column(BaseModel):
    """One raw column, said once for ingestion, validation, synthetic data, API and documents.

    Attributes:
        type: narrowest Polars type that holds every published value without losing a printed digit.
        unit: unit of a number ("currency units", "days from the application"); empty for identifiers and
            categories.
        required: a null in this column stops the run.
        past_only: an offset from the application that should not be above 0. A row above 0 comes from the
            future: it is reported and no feature may use it, but it is no impossible value.
        minimum, maximum: smallest and largest possible value; beyond them a value is an error, not an
            outlier. Missing codes are exempt.
        categories: known real values, in a fixed order: a category's code is its place here.
        missing_codes: values that the source prints where nothing is known or nothing applies (365243,
            "XNA", "XAP"); never listed in `categories`. A word of the sender's own code list that says
            "unspecified" (status X of a month, "Unknown type of loan") is a real category.
        published_null_share: share of nulls in the full published table, from 0 to 1, without missing codes.
        tolerated_null_gap: how far the null share may lie from the published one before it is reported.
        tolerated_outlier_share: share of the rows, from 0 to 1, that may lie far from the others before they
            are reported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False
    past_only: bool = False
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] = ()
    missing_codes: tuple[int | str, ...] = ()
    published_null_share: float = Field(0.0, ge=0, le=1)
    tolerated_null_gap: float = Field(0.1, ge=0, le=1)
    tolerated_outlier_share: float = Field(0.02, ge=0, le=1)

    @model_validator(mode="after")
    def _category_or_number(self) -> Self:
        if bool(self.categories) != (self.type == "String"):
            raise ValueError(f"{self.name}: a String column needs categories, a number must not have any")
        if any(isinstance(code, str) != self.is_category for code in self.missing_codes):
            raise ValueError(f"{self.name}: a missing code must be of the column's type {self.type}")
        if repeated := set(self.categories) & set(self.missing_codes):
            raise ValueError(
                f"{self.name}: {sorted(map(str, repeated))} cannot be a category and a missing code"
            )
        if len(self.categories) != len(set(self.categories)):
            raise ValueError(f"{self.name}: a category is declared twice")
        return self

    @model_validator(mode="after")
    def _range_fits_the_type(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: minimum {self.minimum} lies above maximum {self.maximum}")
        if self.past_only and self.maximum is not None:
            raise ValueError(
                f"{self.name}: the future is reported, not an impossible value: declare no maximum"
            )
        if self.type in INTEGER_BITS:
            largest = largest_integer(self.type)
            bounds = (self.minimum, self.maximum, *self.missing_codes)
            for value in bounds:
                if isinstance(value, int | float) and not -largest - 1 <= value <= largest:
                    raise ValueError(f"{self.name}: {value} does not fit in {self.type}")
        return self

    @model_validator(mode="after")
    def _required_means_never_null(self) -> Self:
        if self.required and self.published_null_share > 0:
            raise ValueError(f"{self.name}: the published table has nulls, so the column cannot be required")
        return self

    @property
    def is_category(self) -> bool:
        """Whether values are words from a declared list."""
        return bool(self.categories)


class ForeignKey(BaseModel):
    """A column whose values must exist under the same name in one of `tables`.

    Attributes:
        tolerated_orphan_share: share of the rows, from 0 to 1, that may point to nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    tables: tuple[str, ...] = Field(min_length=1)
    tolerated_orphan_share: float = Field(ge=0, le=1)


class Table(BaseModel):
    """One of the eight raw tables.

    Attributes:
        name: name of the table and of its Parquet folder, and stem of the CSV file as Kaggle ships it.
        columns: in the order of the CSV file.
        primary_key: columns that identify a row; empty where the source has none.
        sort_order: columns the Parquet files are sorted by, so that they compress and group well.
        published_rows: number of rows of the full published table.
        is_main: an application table; the run cannot do without rows in it.
        tolerated_duplicate_share: share of the rows, from 0 to 1, that may equal another row in everything but
            the number that identifies it, before they are reported.
        tolerated_row_change: how far the number of rows may lie from the expected one, relative to it, before
            it is reported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    meaning: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    sort_order: tuple[str, ...]
    published_rows: int
    is_main: bool = False
    tolerated_duplicate_share: float = Field(0.01, ge=0, le=1)
    tolerated_row_change: float = Field(0.25, ge=0)

    @model_validator(mode="after")
    def _keys_are_columns(self) -> Self:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: a column is declared twice")
        keys = {*self.primary_key, *self.sort_order, *(key.column for key in self.foreign_keys)}
        if unknown := keys - set(names):
            raise ValueError(f"{self.name}: keys name unknown columns {sorted(unknown)}")
        if nullable := [name for name in self.primary_key if not self.column(name).required]:
            raise ValueError(f"{self.name}: primary key columns {nullable} must be required")
        return self

    @property
    def file_name(self) -> str:
        """Name of the CSV file, as Kaggle ships it."""
        return f"{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the source."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")
