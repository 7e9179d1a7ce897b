"""The parts of a contract: columns, foreign keys and tables."""

from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

ColumnType = Literal["Int8", "Int16", "Int32", "Int64", "Float64", "String"]

TARGET = "TARGET"
CLIENT = "SK_ID_CURR"
"""Number of a client's application, the key that all tables share."""

INTEGER_BITS: dict[ColumnType, int] = {"Int8": 8, "Int16": 16, "Int32": 32, "Int64": 64}


def largest_integer(column_type: ColumnType) -> int:
    """The largest value of an integer type; KeyError for other types."""
    return (1 << (INTEGER_BITS[column_type] - 1)) - 1


class Column(BaseModel, frozen=True, extra="forbid"):
    """One raw column, declared once for ingestion, validation, synthetic data, API and documents.

    Attributes:
        type: narrowest Polars type that represents every published value exactly.
        unit: unit of a number ("currency units", "days from the application"); empty for identifiers and
            categories.
        required: a null in this column stops the pipeline.
        past_only: an offset from the application that should not be above 0. A row above 0 is from the
            future: it is reported and no feature may use it, but its value is possible.
        minimum, maximum: smallest and largest possible value; a value beyond them is an error, not an
            outlier. Missing codes are exempt.
        categories: known real values, in a fixed order: the code of a category is its index.
        missing_codes: values that the source uses for unknown or not applicable (365243, "XNA", "XAP"); never
            listed in `categories`. A value of the source's own code list that means "unspecified" (status X of a
            month, "Unknown type of loan") is a real category.
        null_share: share of nulls in the full published table, from 0 to 1, without missing codes.
        null_gap: maximum difference of the null share from the published one; beyond it, a warning
            is reported.
        tolerated_outlier_share: maximum share of outliers, from 0 to 1; beyond it, a warning is reported.
    """

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
    null_share: float = Field(0.0, ge=0, le=1)
    null_gap: float = Field(0.1, ge=0, le=1)
    tolerated_outlier_share: float = Field(0.02, ge=0, le=1)

    @model_validator(mode="after")
    def _values_are_consistent(self) -> Self:
        if bool(self.categories) != (self.type == "String"):
            raise ValueError(f"{self.name}: a String column needs categories, a number must not have any")
        if any(isinstance(code, str) != self.is_category for code in self.missing_codes):
            raise ValueError(f"{self.name}: a missing code must be of the column's type {self.type}")
        if repeated := set(self.categories) & set(self.missing_codes):
            raise ValueError(f"{self.name}: {sorted(map(str, repeated))} cannot be a category and a missing code")
        if len(self.categories) != len(set(self.categories)):
            raise ValueError(f"{self.name}: a category is declared twice")
        if self.required and self.null_share > 0:
            raise ValueError(f"{self.name}: the published table has nulls, so the column cannot be required")
        return self

    @model_validator(mode="after")
    def _range_fits_the_type(self) -> Self:
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"{self.name}: minimum {self.minimum} is above maximum {self.maximum}")
        if self.past_only and self.maximum is not None:
            raise ValueError(f"{self.name}: future values are reported, not impossible: declare no maximum")
        if self.type in INTEGER_BITS:
            largest = largest_integer(self.type)
            bounds = (self.minimum, self.maximum, *self.missing_codes)
            for value in bounds:
                if isinstance(value, int | float) and not -largest - 1 <= value <= largest:
                    raise ValueError(f"{self.name}: {value} does not fit in {self.type}")
        return self

    @property
    def is_category(self) -> bool:
        """Whether values are texts from a declared list."""
        return bool(self.categories)


class ForeignKey(BaseModel, frozen=True, extra="forbid"):
    """A column whose values must exist in the column of the same name in one of `tables`.

    Attributes:
        tolerated_orphan_share: maximum share of rows without a match, from 0 to 1.
    """

    column: str
    tables: tuple[str, ...] = Field(min_length=1)
    tolerated_orphan_share: float = Field(ge=0, le=1)


CLIENT_KEY = ForeignKey(column=CLIENT, tables=("application_train", "application_test"), tolerated_orphan_share=0.0)


class Table(BaseModel, frozen=True, extra="forbid"):
    """One of the eight raw tables.

    Attributes:
        name: name of the table and of its Parquet folder, and stem of the CSV file as Kaggle ships it.
        columns: in the order of the CSV file.
        primary_key: columns that identify a row; empty if the source has no key.
        sort_order: columns that the Parquet files are sorted by, for compression and grouping.
        published_rows: number of rows of the full published table.
        is_main: an application table.
        is_optional: the source may lack the file: it counts as a table without rows.
        tolerated_duplicate_share: maximum share of rows, from 0 to 1, that equal another row in everything but
            the identifying number; beyond it, a warning is reported. 0 where the real sample has none.
        tolerated_row_change: maximum relative difference from the expected number of rows; beyond it, a
            warning is reported.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    sort_order: tuple[str, ...]
    published_rows: int
    is_main: bool = False
    is_optional: bool = False
    tolerated_duplicate_share: float = Field(0.0, ge=0, le=1)
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
        """The column with a name; KeyError if there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")
