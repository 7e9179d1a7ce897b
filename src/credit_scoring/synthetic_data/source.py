"""The engine: a table is declared as column names with Polars expressions, and ``Source.compute`` draws it.

An expression may use earlier columns of its table, random numbers (``noise``), columns of the client who owns the row
(``noise.of_client``), and values of the published distributions (``draws``). Random numbers have names, and each name
has its own stream: a new column does not change the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from credit_scoring.synthetic_data.chunks import Chunk

OWNER = "index of the client"
# Prefixes of the names of columns that an expression may use without declaring them.
UNIFORM, NORMAL, CLIENT = "uniform: ", "normal: ", "client: "
Columns = Mapping[str, pl.Expr]
# Columns whose values, joined by ``|``, name the group of a row.
Groups = Sequence[str | pl.Expr]


@dataclass(frozen=True)
class Source:
    """Random numbers and clients of a chunk.

    Attributes:
        clients: one row per client of the chunk.
    """

    chunk: Chunk
    clients: pl.DataFrame

    def compute(self, purpose: str, rows: pl.DataFrame, columns: Columns) -> pl.DataFrame:
        """The rows with more columns, each of which may use the ones before it.

        Args:
            purpose: name of the random numbers; different for each call of a chunk.
            rows: has the column ``OWNER`` if an expression uses ``of_client``.
        """
        names = [*rows.columns, *(name for name in columns if name not in rows.columns)]
        roots = {root for expression in columns.values() for root in expression.meta.root_names()}
        inputs = (
            self._input(purpose, root, rows) for root in sorted(roots) if root.startswith((UNIFORM, NORMAL, CLIENT))
        )
        rows = rows.with_columns(*inputs)
        together: dict[str, pl.Expr] = {}
        for name, expression in columns.items():
            if not together.keys().isdisjoint(expression.meta.root_names()):
                rows, together = rows.with_columns(**together), {}
            together[name] = expression
        return rows.with_columns(**together).select(names)

    def expand(self, purpose: str, rows: pl.DataFrame, counts: str, step: str, columns: Columns) -> pl.DataFrame:
        """Each row as often as its column ``counts`` says, in order, with more columns.

        Keeps keys, and the other columns that the new ones use; ``step`` counts the copies of a row from 0.
        """
        used = {OWNER, *(root for expression in columns.values() for root in expression.meta.root_names())}
        times = rows[counts].to_numpy()
        index = np.repeat(np.arange(rows.height), times)
        steps = pl.Series(step, np.arange(len(index)) - (np.cumsum(times) - times)[index])
        rows = rows.select(name for name in rows.columns if name in used or name.startswith("SK_ID_"))
        return self.compute(purpose, rows[index].with_columns(steps), columns)

    def _input(self, purpose: str, root: str, rows: pl.DataFrame) -> pl.Series:
        if root.startswith(CLIENT):
            return self.clients[root.removeprefix(CLIENT)].gather(rows[OWNER]).alias(root)
        random = self.chunk.random(f"{purpose} {root}")
        numbers = random.random if root.startswith(UNIFORM) else random.standard_normal
        return pl.Series(root, numbers(rows.height))


def shuffled(rows: pl.DataFrame, random: np.random.Generator) -> pl.DataFrame:
    """The rows in random order."""
    return rows[random.permutation(rows.height)]
