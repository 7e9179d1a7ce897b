"""Client buckets: which bucket a client belongs to, and how a function is applied to every bucket.

All rows of a client are in the same bucket of every table. A bucket is processed on its own, so buckets bound the
memory on one machine and are the unit of work on Spark.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import polars as pl

from credit_scoring.core.errors import CreditScoringError, SettingsError
from credit_scoring.core.progress import progress
from credit_scoring.core.settings import Settings

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

    Raises:
        SettingsError: Spark is not installed.
    """
    if settings is not None and settings.engine == "spark":
        results = _map_on_spark(function, buckets, settings)
    else:
        results = (function(bucket) for bucket in buckets)
    yield from progress(results, description, total=len(buckets))


def _map_on_spark(function: Callable[[int], Result], buckets: Sequence[int], settings: Settings) -> Iterator[Result]:
    """One task per bucket; every executor needs this package and the data directory under the same path."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SettingsError(
            "CREDIT_ENGINE='spark' needs Spark, which is not installed.",
            "Install the extra `credit-scoring[spark]` and a Java runtime, or set CREDIT_ENGINE=local.",
        ) from error
    builder = SparkSession.builder.master(settings.spark.master).appName("credit-scoring")
    on_this_machine = settings.spark.master.startswith("local")
    if on_this_machine:
        builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.ui.enabled", "false").getOrCreate()
    try:
        if on_this_machine:
            # Executors run the interpreter that has this package, not the first python3 on the path.
            session.sparkContext.pythonExec = sys.executable
        tasks = session.sparkContext.parallelize(buckets, len(buckets)).map(partial(_result_or_error, function))
        for result in tasks.toLocalIterator(prefetchPartitions=True):
            if isinstance(result, CreditScoringError):
                raise result
            yield result
    finally:
        session.stop()


def _result_or_error(function: Callable[[int], Result], bucket: int) -> Result | CreditScoringError:
    """The result, or the error that says what to do: Spark would repeat the task and hide the message in its own."""
    try:
        return function(bucket)
    except CreditScoringError as error:
        return error
