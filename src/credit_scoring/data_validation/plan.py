"""The plan of all checks on a table's rows: single rows, uniqueness, and links between tables."""

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts import ALL_TABLES, ForeignKey, Table
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.checks import Check
from credit_scoring.data_validation.row_rules import Fences, RowRule, row_rules

Parents = Mapping[str, pl.DataFrame]
"""Key columns of the same buckets of other tables, by table."""


class Uniqueness(NamedTuple):
    """No two rows of the table may have equal values in all these columns.

    Attributes:
        identity: the first of the columns; rows of two buckets that differ in them are not compared further.
    """

    check: Check
    columns: tuple[str, ...]
    identity: tuple[str, ...]

    @property
    def reaches_across_buckets(self) -> bool:
        """Whether the columns can be equal for different clients; rows of one client share a bucket."""
        return CLIENT not in self.columns


class Link(NamedTuple):
    """These columns must match a row of one of the tables, or must not (`must_match` is false)."""

    check: Check
    columns: tuple[str, ...]
    tables: tuple[str, ...]
    must_match: bool = True


class TablePlan(NamedTuple):
    """All checks on the rows of one table."""

    table: Table
    row_rules: tuple[RowRule, ...]
    uniqueness: tuple[Uniqueness, ...]
    links: tuple[Link, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks, keys first."""
        return (
            *(unique.check for unique in self.uniqueness),
            *(link.check for link in self.links),
            *(rule.check for rule in self.row_rules),
        )

    def rules(self, parents: Parents) -> tuple[RowRule, ...]:
        """The whole plan as expressions over the rows of the same buckets."""
        return (
            *(RowRule(unique.check, _is_alone(unique)) for unique in self.uniqueness),
            *(RowRule(link.check, _matches_as_required(link, parents)) for link in self.links),
            *self.row_rules,
        )


def table_plan(table: Table, fences: Mapping[str, Fences]) -> TablePlan:
    """The plan of a contract."""
    uniqueness = tuple(filter(None, (_unique_key(table), _unique_rows(table))))
    return TablePlan(table, row_rules(table, fences), uniqueness, _links(table))


def columns_linked_to(name: str) -> list[str]:
    """Columns of a table that links of other tables refer to."""
    links = (link for table in ALL_TABLES for link in _links(table) if name in link.tables)
    return sorted({column for link in links for column in link.columns})


def _links(table: Table) -> tuple[Link, ...]:
    return tuple(_foreign_key(table, key) for key in table.foreign_keys) + _apart_from_other_main(table)


def _unique_key(table: Table) -> Uniqueness | None:
    if not table.primary_key:
        return None
    check = Check(
        table=table.name, name="duplicate_key", columns=table.primary_key, severity="error", rule="identifies a row"
    )
    return Uniqueness(check, table.primary_key, table.primary_key[:1])


def _unique_rows(table: Table) -> Uniqueness | None:
    """Rows that differ in nothing but their number; a key of several columns is checked as a key."""
    if len(table.primary_key) > 1:
        return None
    columns = tuple(name for name in polars_schema(table) if name not in table.primary_key)
    check = Check(
        table=table.name,
        name="duplicate_row",
        severity="warning",
        rule=f"differ in more than {table.primary_key[0]}" if table.primary_key else "differ",
        tolerated_share=table.tolerated_duplicate_share,
    )
    return Uniqueness(check, columns, columns)


def _foreign_key(table: Table, key: ForeignKey) -> Link:
    check = Check(
        table=table.name,
        name="orphan",
        columns=(key.column,),
        severity="error",
        rule=f"refers to a row of the same client in {' or '.join(key.tables)}",
        tolerated_share=key.tolerated_orphan_share,
    )
    return Link(check, tuple(dict.fromkeys((CLIENT, key.column))), key.tables)


def _apart_from_other_main(table: Table) -> tuple[Link, ...]:
    """An application is either decided or open."""
    earlier = ALL_TABLES[: ALL_TABLES.index(table)] if table in ALL_TABLES else ()
    return tuple(
        Link(
            Check(
                table=table.name,
                name="in_both_applications",
                columns=table.primary_key,
                severity="error",
                rule=f"is not in {other.name} too",
            ),
            table.primary_key,
            (other.name,),
            must_match=False,
        )
        for other in earlier
        if table.is_main and other.is_main
    )


def _is_alone(unique: Uniqueness) -> pl.Expr:
    # Another check covers nulls in a key.
    incomplete = pl.any_horizontal(pl.lit(False), *(pl.col(column).is_null() for column in unique.check.columns))
    return (pl.len().over(unique.columns) == 1) | incomplete


def _matches_as_required(link: Link, parents: Parents) -> pl.Expr:
    known = pl.concat([parents[name].select(link.columns) for name in link.tables]).unique()
    exists = pl.struct(link.columns).is_in(known.to_struct().implode())
    return exists if link.must_match else ~exists
