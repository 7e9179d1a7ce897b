"""Runs a function of a bucket on Spark executors, for data that does not fit one machine."""

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Result = TypeVar("Result")


def map_on_spark(function: Callable[[int], Result], buckets: Sequence[int], settings: Settings) -> Iterator[Result]:
    """Apply a pure function to bucket numbers, one Spark task each; yields the results in the order of the buckets.

    Every executor needs this package and the data directory under the same path.

    Args:
        function: must be picklable: a module-level function, or a `functools.partial` of one.

    Raises:
        SettingsError: Spark is not installed.
    """
    session = _session(settings)
    try:
        tasks = session.sparkContext.parallelize(buckets, len(buckets)).map(function)
        yield from tasks.toLocalIterator(prefetchPartitions=True)
    finally:
        session.stop()


def _session(settings: Settings) -> "SparkSession":
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
    if on_this_machine:
        # Executors run the interpreter that has this package, not the first python3 on the path.
        session.sparkContext.pythonExec = sys.executable
    return session
