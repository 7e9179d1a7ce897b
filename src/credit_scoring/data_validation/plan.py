"""The plan of all checks on a table's rows: single rows, uniqueness, and links between tables."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import polars as pl

from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_contracts.bucket_files import polars_schema
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_validation.checks import Check
from credit_scoring.data_validation.row_rules import FencesByColumn, RowRule, row_rules

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
        parts: tuple[Uniqueness | Link | RowRule, ...] = (*self.uniqueness, *self.links, *self.row_rules)
        return tuple(part.check for part in parts)

    def rules(self, parents: Parents) -> tuple[RowRule, ...]:
        """The whole plan as expressions over the rows of the same buckets."""
        return (
            *(RowRule(unique.check, _is_alone(unique)) for unique in self.uniqueness),
            *(RowRule(link.check, _matches_as_required(link, parents)) for link in self.links),
            *self.row_rules,
        )


def table_plan(table: Table, fences: FencesByColumn, empty: Collection[str] = ()) -> TablePlan:
    """The plan of a contract.

    Args:
        empty: tables without a row, which may not have been delivered: a key that may refer to one is a warning then.
    """
    links = tuple(
        (
            link._replace(check=link.check.model_copy(update={"severity": "warning"}))
            if link.must_match and set(link.tables) & set(empty)
            else link
        )
        for link in _links(table)
    )
    return TablePlan(table, row_rules(table, fences), _uniqueness(table), links)


def columns_linked_to(name: str) -> list[str]:
    """Columns of a table that links of other tables refer to."""
    links = (link for table in ALL_TABLES for link in _links(table) if name in link.tables)
    return sorted({column for link in links for column in link.columns})


def _links(table: Table) -> tuple[Link, ...]:
    """Links to the parents, and between the main tables: an application is either decided or open."""
    parents = (
        Link(
            Check.of(
                table.name,
                "orphan",
                (key.column,),
                f"refers to a row of the same client in {' or '.join(key.tables)}",
                key.tolerated_orphan_share,
            ),
            tuple(dict.fromkeys((CLIENT, key.column))),
            key.tables,
        )
        for key in table.foreign_keys
    )
    earlier = ALL_TABLES[: ALL_TABLES.index(table)] if table.is_main and table in ALL_TABLES else ()
    apart = (
        Link(
            Check.of(table.name, "in_both_applications", table.primary_key, f"is not in {other.name} too"),
            table.primary_key,
            (other.name,),
            must_match=False,
        )
        for other in earlier
        if other.is_main
    )
    return (*parents, *apart)


def _uniqueness(table: Table) -> tuple[Uniqueness, ...]:
    """The key; without a key of several columns, also rows that differ in nothing but their number."""
    key = table.primary_key
    found = []
    if key:
        found.append(Uniqueness(Check.of(table.name, "duplicate_key", key, "identifies a row"), key, key[:1]))
    if len(key) <= 1:
        columns = tuple(name for name in polars_schema(table) if name not in key)
        rule = f"differ in more than {key[0]}" if key else "differ"
        check = Check.of(table.name, "duplicate_row", (), rule, table.tolerated_duplicate_share)
        found.append(Uniqueness(check, columns, columns))
    return tuple(found)


def _is_alone(unique: Uniqueness) -> pl.Expr:
    # Another check covers nulls in a key.
    incomplete = pl.any_horizontal(pl.lit(False), *(pl.col(column).is_null() for column in unique.check.columns))
    return (pl.len().over(unique.columns) == 1) | incomplete


def _matches_as_required(link: Link, parents: Parents) -> pl.Expr:
    known = pl.concat([parents[name].select(link.columns) for name in link.tables]).unique()
    exists = pl.struct(link.columns).is_in(known.to_struct().implode())
    return exists if link.must_match else ~exists
