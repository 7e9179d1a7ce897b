"""Where buckets are computed: one pure function mapped over client buckets, in this process or on Spark.

A client lies in one bucket of every table, so buckets bound the memory on one machine and are the unit of work on many.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings

Result = TypeVar("Result")

HASH_MULTIPLIER = 2654435761  # Knuth's multiplicative hash: 2^32 divided by the golden ratio
HASH_RANGE = 1 << 32


def hash_of_client(client_id: int) -> int:
    """Spread client numbers evenly over 0 to 2^32 - 1; the same on every machine and in every engine."""
    return client_id * HASH_MULTIPLIER % HASH_RANGE


def bucket_of(client_id: int, bucket_count: int) -> int:
    """Bucket of a client, from 0 to ``bucket_count - 1``."""
    return hash_of_client(client_id) * bucket_count // HASH_RANGE


def map_buckets(
    function: Callable[[int], Result],
    buckets: Sequence[int],
    description: str,
    settings: Settings | None = None,
) -> Iterator[Result]:
    """Results of a pure function of a bucket number, in the order of the buckets.

    Args:
        function: for Spark it must be picklable: a function of a module, perhaps with `functools.partial`.
        description: what is being done, for the progress bar.
        settings: `engine` says where; in this process, and without settings, one bucket follows the other and
            Polars uses all cores.
    """
    if settings is not None and settings.engine == "spark":
        from credit_scoring.core.spark import map_on_spark

        results = map_on_spark(function, buckets, settings)
    else:
        results = (function(bucket) for bucket in buckets)
    yield from progress(results, description, total=len(buckets))
