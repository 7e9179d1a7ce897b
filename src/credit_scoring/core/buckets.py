"""Client buckets: which bucket a client belongs to, and how a function is applied to every bucket.

All rows of a client are in the same bucket of every table. A bucket is processed on its own, so buckets bound the
memory on one machine and are the unit of work on Spark.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import polars as pl

from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings
from credit_scoring.core.spark import map_on_spark

Result = TypeVar("Result")
ClientId = TypeVar("ClientId", int, pl.Expr)

HASH_MULTIPLIER = 2654435761  # Knuth's multiplicative hash: 2^32 divided by the golden ratio
HASH_RANGE = 1 << 32


def bucket_of(client_id: ClientId, bucket_count: int) -> ClientId:
    """Bucket of a client, from 0 to ``bucket_count - 1``; the same on every machine and in every engine.

    Args:
        client_id: a number, or an expression over UInt64 numbers.
    """
    return client_id * HASH_MULTIPLIER % HASH_RANGE * bucket_count // HASH_RANGE


def map_buckets(
    function: Callable[[int], Result], buckets: Sequence[int], description: str, settings: Settings | None = None
) -> Iterator[Result]:
    """Apply a pure function to bucket numbers; yields the results in the order of the buckets.

    Args:
        function: must be picklable for Spark: a module-level function, or a `functools.partial` of one.
        description: shown with the progress bar.
        settings: `engine` selects Spark; in this process, the default, buckets run one after the other and Polars
            uses all cores.
    """
    if settings is not None and settings.engine == "spark":
        results = map_on_spark(function, buckets, settings)
    else:
        results = (function(bucket) for bucket in buckets)
    yield from progress(results, description, total=len(buckets))
