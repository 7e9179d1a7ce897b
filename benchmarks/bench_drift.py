"""Time and memory of the drift statistics at full size, and time of Evidently's page. Run with `make bench-drift`.

Full size is 356,255 applications with all features; Evidently draws 40 of them on 20,000 rows of each side.
"""

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.drift_detection.compare import Window, compare
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrackRecord, TrainingClients
from credit_scoring.drift_detection.evidently_page import write_evidently_page
from credit_scoring.drift_detection.moved_features import CODES
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.scoring.training_distribution import reference_of
from tests.support.drift_world import baseline
from tests.support.scorers import small_scorer

APPLICATIONS = 356_255
REFERENCE_ROWS = 20_000
MAX_SECONDS, MAX_GIGABYTES, MAX_EVIDENTLY_SECONDS = 30.0, 2.0, 60.0
_BYTES_PER_GIGABYTE, _BYTES_PER_KILOBYTE = 1e9, 1024


def main() -> None:
    """Print seconds and peak memory; exit code 1 beyond the limits."""
    opened, sample = _full_size()
    now = datetime.now(UTC)
    window = Window("ledger", "full size", now - timedelta(days=365), now, now)
    training = _training(sample, slice(-REFERENCE_ROWS, None))
    started = time.perf_counter()
    result = compare(opened, sample, _track_record(sample), training, window, Settings(), ())
    seconds = time.perf_counter() - started
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_PER_KILOBYTE / _BYTES_PER_GIGABYTE
    print(f"{len(sample):,} applications x {len(result.features)} features: {seconds:.1f} s (limit {MAX_SECONDS:.0f})")
    alone = sample.features.nbytes / _BYTES_PER_GIGABYTE
    print(f"peak memory: {gigabytes:.2f} GB (limit {MAX_GIGABYTES:.0f} GiB), {alone:.2f} GB of it the features")
    evidently_seconds = _evidently_seconds(result, sample)
    limit = f"limit {MAX_EVIDENTLY_SECONDS:.0f}"
    print(f"Evidently on {REFERENCE_ROWS:,} rows of each side: {evidently_seconds:.1f} s ({limit})")
    if evidently_seconds > MAX_EVIDENTLY_SECONDS or seconds > MAX_SECONDS or gigabytes > MAX_GIGABYTES * 1.024**3:
        sys.exit("beyond the limits")


def _track_record(sample: Sample) -> TrackRecord:
    """The applications as decisions of twelve months, with the outcomes of all but the last six."""
    random = np.random.default_rng(2)
    number = random.integers(12, size=len(sample))
    default = np.where(number < 6, random.random(len(sample)) < sample.probability, np.nan)
    months = np.array([f"2026-{one + 1:02}" for one in range(12)])
    return TrackRecord(sample.probability, sample.refused, default, months[number], number == 5)


def _training(sample: Sample, rows: slice) -> TrainingClients:
    known = np.random.default_rng(1).integers(2, size=REFERENCE_ROWS).astype(np.float64)
    features = np.ascontiguousarray(sample.features[rows])
    return TrainingClients(tuple(feature_names()), features, known, sample.client[rows], sample.probability[rows])


def _evidently_seconds(result: DriftResult, sample: Sample) -> float:
    training = _training(sample, slice(REFERENCE_ROWS))
    current = replace(sample, default=np.concatenate([training.default, sample.default[REFERENCE_ROWS:]]))
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        missing = write_evidently_page(result, current, training, Path(folder) / "evidently_report.html")
    if missing:
        sys.exit(f"Evidently wrote no page: {missing}")
    return time.perf_counter() - started


def _full_size() -> tuple[Baseline, Sample]:
    """A baseline of all features, and applications from the same distributions, in column order."""
    names = tuple(feature_names())
    random = np.random.default_rng(0)
    features = np.empty((APPLICATIONS, len(names)), np.float32, order="F")
    for column, name in enumerate(names):
        features[:, column] = 1 if name in CODES else random.normal(size=APPLICATIONS)
        features[:: 2 + column % 7, column] = np.nan
    scorer = small_scorer(names)
    registered = replace(baseline().registered, scorer=scorer)
    probability = random.beta(1.2, 13.0, APPLICATIONS)
    distributions = reference_of(features[:REFERENCE_ROWS], names, probability[:REFERENCE_ROWS])
    sample = Sample(
        name="full size",
        source="synthetic",
        features=features,
        probability=probability,
        refused=probability >= scorer.description.threshold,
        default=np.full(APPLICATIONS, np.nan),
        has_history=np.ones(APPLICATIONS, dtype=bool),
        client=np.arange(APPLICATIONS),
    )
    return replace(baseline(), registered=registered, distributions=distributions, clients=REFERENCE_ROWS), sample


if __name__ == "__main__":
    main()
