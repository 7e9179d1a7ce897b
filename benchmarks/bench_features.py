"""Time and memory to compute all features of full-size synthetic tables, and the same compared with pandas.

Prints seconds and peak memory of the whole run from Parquet to Parquet, then, for one bucket, the speed-up of the
history features over a straightforward pandas implementation. Fails if a value differs or a target is missed.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pandas as pd
import polars as pl
from in_pandas import compute_history_features as compute_with_pandas
from rich.console import Console

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.validated_tables import INGEST_STEP
from credit_scoring.data_ingestion import step as ingestion
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.history import HISTORY_TABLES, compute_history_features
from credit_scoring.feature_engineering.step import fit_statistics_of, write_bucket
from credit_scoring.synthetic_data.writer import write_synthetic_tables

Frame = TypeVar("Frame", pd.DataFrame, pl.DataFrame)

FULL_SIZE = 356_255
MAX_SECONDS = 60
MAX_BYTES = 4 * 1024**3
MIN_SPEEDUP = 5
MIN_COMPARED = 150
ROUNDS = 5
GIBIBYTE = 1024**3
MANY_CLIENTS = 100_000_000
SECONDS_PER_HOUR = 3600


def main() -> None:
    """Measure and print; exits with 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=FULL_SIZE)
    parser.add_argument("--work", type=Path, help="folder with ingested tables from an earlier run, or to keep them")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        work = arguments.work or Path(temporary)
        report(prepare(work, arguments.clients), work)


def prepare(work: Path, clients: int) -> Path:
    """Folder of ingested synthetic tables, created if it does not exist."""
    settings = Settings(data_directory=work / "data")
    if not (work / "data" / INGEST_STEP).exists():
        with tempfile.TemporaryDirectory(dir=work) as source:
            write_synthetic_tables(Path(source) / "csv", clients, seed=1)
            ingestion.run(settings, Path(source) / "csv")
    return Storage.of(settings).current(INGEST_STEP)


def report(tables: Path, work: Path) -> None:
    """Print both measurements and compare them with the targets."""
    console = Console(soft_wrap=True)
    # A separate process, so that the peak memory is that of the features alone.
    command = [sys.executable, __file__, "--measure", str(tables)]
    whole = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=work).stdout)
    console.print(
        f"All {len(FEATURES)} features of {whole['clients']:,} clients in {whole['buckets']} buckets: "
        f"{whole['seconds']:.1f} s ({whole['cpu_seconds']:.1f} s of processor time), "
        f"peak memory {whole['peak_bytes'] / GIBIBYTE:.2f} GiB."
    )
    bucket_seconds = whole["cpu_seconds"] / whole["buckets"]
    clients_per_bucket = whole["clients"] / whole["buckets"]
    buckets = MANY_CLIENTS / clients_per_bucket
    console.print(
        f"A bucket of {clients_per_bucket:,.0f} clients takes {bucket_seconds:.2f} s of processor time; "
        f"{MANY_CLIENTS:,} clients would be {buckets:,.0f} such buckets, "
        f"{buckets * bucket_seconds / SECONDS_PER_HOUR:.1f} processor hours."
    )
    compared, ours, pandas = compare_with_pandas(tables, bucket=1)
    ratio = pandas / ours
    console.print(
        f"{compared} history features of one bucket: {ours:.2f} s, pandas {pandas:.2f} s, "
        f"{ratio:.1f} times faster; every value agrees."
    )
    missed = [
        target
        for target, holds in (
            (f"at most {MAX_SECONDS} s", whole["seconds"] <= MAX_SECONDS),
            (f"at most {MAX_BYTES / GIBIBYTE:.0f} GiB", whole["peak_bytes"] <= MAX_BYTES),
            (f"at least {MIN_COMPARED} features compared", compared >= MIN_COMPARED),
            (f"at least {MIN_SPEEDUP} times faster", ratio >= MIN_SPEEDUP),
        )
        if not holds
    ]
    if missed:
        console.print(f"Missed: {', '.join(missed)}.", style="bold red")
        sys.exit(1)


def measure(tables: Path) -> dict[str, float]:
    """Compute and write all features of an ingested version; returns seconds and peak memory of this process."""
    buckets = range(len(list((tables / APPLICATION_TRAIN.name).glob("bucket=*.parquet"))))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        statistics = fit_statistics_of(tables, buckets)
        clients = sum(write_bucket(tables, Path(folder), statistics, bucket) for bucket in buckets)
        seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": seconds,
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "peak_bytes": used.ru_maxrss * 1024,
        "clients": clients,
        "buckets": len(buckets),
    }


def compare_with_pandas(tables: Path, bucket: int) -> tuple[int, float, float]:
    """Number of features compared on one bucket, our seconds and those of pandas, each the minimum of several rounds.

    Raises:
        AssertionError: a value differs.
    """
    rows = {table.name: read_bucket(tables, table, bucket) for table in HISTORY_TABLES}
    clients = pl.concat(read_bucket(tables, table, bucket, [CLIENT]) for table in (APPLICATION_TRAIN, APPLICATION_TEST))
    ids = clients[CLIENT].sort()
    frames = {name: frame.to_pandas() for name, frame in rows.items()}
    pandas_seconds, theirs = fastest(lambda: compute_with_pandas(frames, pd.Index(ids.to_numpy())))
    names = list(theirs.columns)
    our_seconds, ours = fastest(lambda: compute_history_features(rows, ids, names))
    for name in names:
        np.testing.assert_allclose(ours[name].to_numpy(), theirs[name].to_numpy(), rtol=1e-5, atol=1e-5, err_msg=name)
    return len(names), our_seconds, pandas_seconds


def fastest(compute: Callable[[], Frame]) -> tuple[float, Frame]:
    """The minimum seconds of several rounds, and the result."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        result = compute()
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


if __name__ == "__main__":
    main()
