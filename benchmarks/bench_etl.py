"""Time of the whole ETL on full-size synthetic tables, from CSV files to published features, and its ratio to pandas.

Runs the steps ingest, validate, features and publish in a new data folder, then the main work of the first three in
straightforward pandas, each in a process of its own. Fails if the ETL takes more than an hour.
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
from typing import Any

from in_pandas import etl
from rich.console import Console
from rich.table import Table

from credit_scoring.core.logs import configure_logs
from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import LogSettings
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_store import step as feature_store
from credit_scoring.synthetic_data.writer import write_synthetic_tables

FULL_SIZE = 356_255
MAX_SECONDS = 3_600
GIGABYTE = 1e9


def main() -> None:
    """Measure and print; exits with 1 if the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=FULL_SIZE, help="number of synthetic clients")
    parser.add_argument("--work", type=Path, help="folder with the CSV files of an earlier run, or to keep them")
    parser.add_argument("--measure", choices=MEASURED, help=argparse.SUPPRESS)
    parser.add_argument("--source", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work) as temporary:
        if arguments.measure:
            print(json.dumps(measured(MEASURED[arguments.measure], arguments.source, Path(temporary))))
            return
        source = (arguments.work or Path(temporary)) / f"csv-{arguments.clients}"
        if not source.exists():
            write_synthetic_tables(source, arguments.clients, seed=1)
        report(source, arguments.clients, Path(temporary))


def report(source: Path, clients: int, work: Path) -> None:
    """Print both measurements and their ratio."""
    ours, pandas = (in_own_process(name, source, work) for name in MEASURED)
    csv_bytes = sum((source / table.file_name).stat().st_size for table in ALL_TABLES)
    table = Table("seconds", show_edge=False)
    for name in ("credit-scoring", "pandas", "ratio"):
        table.add_column(name, justify="right")
    total = sum(ours["seconds"].values())
    shared, shared_in_pandas = sum(ours["seconds"][part] for part in pandas["seconds"]), sum(pandas["seconds"].values())
    for part, others in pandas["seconds"].items():
        table.add_row(part, *compared(ours["seconds"][part], others))
    table.add_row("these parts", *compared(shared, shared_in_pandas))
    table.add_row("publish", f"{ours['seconds']['publish']:.1f}", "-", "-")
    table.add_row("peak memory, GB", *compared(ours["peak_bytes"] / GIGABYTE, pandas["peak_bytes"] / GIGABYTE))
    console = Console(soft_wrap=True)
    console.print(table)
    console.print(
        f"ETL of {clients:,} clients, {csv_bytes / GIGABYTE:.2f} GB of CSV files: {total:.1f} s for {ours['checks']} "
        f"checks and {ours['features']} features. pandas takes {shared_in_pandas / shared:.1f} times as long for less "
        f"of the same parts: {pandas['checks']} checks and {pandas['features']} features."
    )
    if total > MAX_SECONDS:
        console.print(f"Missed: at most {MAX_SECONDS:,} s.", style="bold red")
        sys.exit(1)


def compared(ours: float, others: float) -> tuple[str, str, str]:
    """Both numbers, and how many times the other one is."""
    return f"{ours:.1f}", f"{others:.1f}", f"{others / ours:.1f}"


def in_own_process(name: str, source: Path, work: Path) -> dict[str, Any]:
    """Measure in another process, so that the peak memory is its own."""
    command = [sys.executable, __file__, "--measure", name, "--source", str(source), "--work", str(work)]
    result: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return result


def measured(run: Callable[[Path, Path], dict[str, Any]], source: Path, folder: Path) -> dict[str, Any]:
    """Results of a run in a new folder, with the peak memory of this process."""
    return run(source, folder) | {"peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def run_steps(source: Path, folder: Path) -> dict[str, Any]:
    """The steps of the pipeline up to published features."""
    settings = Settings(data_directory=folder, log=LogSettings(level="WARNING"))
    configure_logs(settings)
    manifests = (
        data_ingestion.run(settings, source),
        data_validation.run(settings),
        feature_engineering.run(settings),
        feature_store.run(settings),
    )
    return {
        "seconds": {manifest.step: manifest.seconds for manifest in manifests},
        "checks": manifests[1].measures["checks"],
        "features": manifests[2].measures["features"],
    }


def run_pandas(source: Path, folder: Path) -> dict[str, Any]:
    """The same parts in pandas, as far as they exist there."""
    started = time.perf_counter()
    etl.convert(source, folder)
    converted = time.perf_counter()
    checks = etl.check(folder)
    checked = time.perf_counter()
    features = etl.build_features(folder)
    seconds = {
        "ingest": converted - started,
        "validate": checked - converted,
        "features": time.perf_counter() - checked,
    }
    return {"seconds": seconds, "checks": checks, "features": features}


MEASURED: dict[str, Callable[[Path, Path], dict[str, Any]]] = {"steps": run_steps, "pandas": run_pandas}

if __name__ == "__main__":
    main()
