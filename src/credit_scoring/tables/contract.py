"""What a contract is made of: columns, keys, tables, and short words to declare them with."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

ColumnType = Literal["Int8", "Int16", "Int32", "Int64", "Float64", "String"]


class Column(BaseModel):
    """One raw column, said once for ingestion, validation, synthetic data, API and documents.

    Attributes:
        type: narrowest Polars type that holds every published value without losing a printed digit.
        unit: unit of a number ("days before the application", "currency units"); empty for identifiers and categories.
        required: a null in this column stops the run.
        minimum, maximum: smallest and largest possible value; beyond them a value is an error, not an outlier.
        categories: known values, in a fixed order: a category's code is its place here.
        missing_codes: values that the source prints where nothing is known (365243, "XNA").
        published_null_share: share of nulls in the full published table, from 0 to 1.
        tolerated_null_gap: how far the null share may lie from the published one before it is reported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    type: ColumnType
    meaning: str
    unit: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] = ()
    missing_codes: tuple[int | str, ...] = ()
    published_null_share: float = 0.0
    tolerated_null_gap: float = 0.1

    @model_validator(mode="after")
    def _category_or_number(self) -> Self:
        if bool(self.categories) != (self.type == "String"):
            raise ValueError(f"{self.name}: a String column needs categories, a number must not have any")
        return self

    @property
    def is_category(self) -> bool:
        """Whether values are words from a declared list."""
        return bool(self.categories)


class ForeignKey(BaseModel):
    """A column whose values must exist in another table; a tolerated share may be orphans."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: str
    table: str
    tolerated_orphan_share: float


class Table(BaseModel):
    """One of the eight raw tables.

    Attributes:
        name: name of the table and of its Parquet folder.
        file_name: name of the CSV file, as Kaggle ships it.
        primary_key: columns that identify a row; empty where the source has none.
        sort_order: columns the Parquet files are sorted by, so that they compress and group well.
        is_main: an application table; the run cannot do without rows in it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    file_name: str
    meaning: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    sort_order: tuple[str, ...]
    is_main: bool = False

    @model_validator(mode="after")
    def _keys_are_columns(self) -> Self:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: a column is declared twice")
        keys = {*self.primary_key, *self.sort_order, *(key.column for key in self.foreign_keys)}
        if unknown := keys - set(names):
            raise ValueError(f"{self.name}: keys name unknown columns {sorted(unknown)}")
        return self

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
