"""How fast the prediction service answers, and where a request's time goes.

The service runs on one core in an environment of its own requirements, the load in another process on another core,
with a model of 1,000 trees over all features and every decision recorded. Run with `make bench-api` on a quiet machine;
on a busy one under `chrt --rr 10`, because `nice` does not shorten the wait for a time slice that has begun.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from serving.environment import installed_megabytes, service_environment
from serving.installation import CLIENTS, LEAVES, TREES, synthetic_installation
from serving.service import Running, started

from credit_scoring.core.settings import Settings
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.models.lightgbm import LightGBMModel
from tests.support import request_load

SERVICE_CORE, LOAD_CORE = 0, 1
SECONDS = 10.0
STEADY_PER_SECOND = 100
EXPLAINED_PER_SECOND = 10
RAW_CALLS = 2_000
STAGES = ("wait", "look_up", "features", "model", "record")


def main() -> None:
    """Print figures beside their budgets."""
    with tempfile.TemporaryDirectory(prefix="credit-bench-") as name:
        settings = synthetic_installation(Path(name) / "data")
        raw = _raw_milliseconds(settings)
        python = service_environment(Path(name) / "environment")
        print(f"installed: {installed_megabytes(Path(name) / 'environment'):.0f} MB (budget: 350 MB)")
        with started(settings, SERVICE_CORE, python) as first:
            print(f"first start ever, with compiling: {first.cold_start_seconds:.2f} s")
        with started(settings, SERVICE_CORE, python) as running:
            print(f"model: {TREES:,} trees of {LEAVES} leaves, {len(feature_names())} features; recording on (SQLite)")
            print(f"cold start to ready: {running.cold_start_seconds:.2f} s (budget: 5 s)")
            _load(running, seconds=3)
            full = _best_of_full_load(running)
            before = _stages(running)
            busy, begun = running.processor_seconds(), time.perf_counter()
            steady = _load(running, seconds=SECONDS, per_second=STEADY_PER_SECOND)
            used = running.processor_seconds() - busy
            _print_steady(steady, used, time.perf_counter() - begun)
            _print_stages(before, _stages(running))
            explained = _load(running, seconds=SECONDS, per_second=EXPLAINED_PER_SECOND, path="/predict?explain=true")
            print(
                f"with reasons, {EXPLAINED_PER_SECOND} requests/s: {_milliseconds(explained)} (budget: p95 40); "
                f"statuses {explained['statuses']}"
            )
            print(
                f"raw booster call: {raw:.3f} ms; a request of the full load takes {1000 / full / raw:.1f} times that"
            )
            print(f"memory: {running.resident_megabytes():.0f} MB")


def _best_of_full_load(running: Running) -> float:
    best = 0.0
    for connections in (1, 8, 32):
        busy = running.processor_seconds()
        measured = _load(running, seconds=SECONDS, connections=connections)
        used = running.processor_seconds() - busy
        share = used / measured["seconds"]
        print(
            f"full load, {connections:2d} connections: {measured['per_second']:.0f} requests/s (budget: 300), "
            f"{_milliseconds(measured)}, {1000 * used / measured['requests']:.2f} ms of processor time each, "
            f"{share:.0%} of a core; statuses {measured['statuses']}"
        )
        best = max(best, measured["per_second"])
    return best


def _print_steady(measured: dict[str, Any], used: float, seconds: float) -> None:
    print(
        f"{STEADY_PER_SECOND} requests/s: {_milliseconds(measured)} (budget: p95 15), "
        f"{used / seconds:.0%} of a core; statuses {measured['statuses']}"
    )


def _print_stages(before: dict[str, tuple[float, float]], after: dict[str, tuple[float, float]]) -> None:
    print("where its time goes, in ms:", end=" ")
    means = {
        stage: 1000 * (after[stage][0] - before[stage][0]) / (after[stage][1] - before[stage][1]) for stage in after
    }
    print(", ".join(f"{stage} {mean:.2f}" for stage, mean in means.items()))


def _milliseconds(measured: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:.1f} ms" for name, value in measured["milliseconds"].items())


def _load(running: Running, **options: float | str) -> dict[str, Any]:
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    command = ["taskset", "--cpu-list", str(LOAD_CORE), sys.executable, request_load.__file__]
    finished = subprocess.run(
        [*command, f"--port={running.port}", f"--clients={CLIENTS}", *arguments],
        capture_output=True,
        check=True,
        env=os.environ,
    )
    measured: dict[str, Any] = json.loads(finished.stdout)
    return measured


def _stages(running: Running) -> dict[str, tuple[float, float]]:
    """Seconds and count of each stage so far."""
    values: dict[tuple[str, str], float] = {}
    for line in running.get("/metrics").splitlines():
        for kind in ("sum", "count"):
            start = f'credit_decision_stage_seconds_{kind}{{stage="'
            if line.startswith(start):
                values[line[len(start) :].split('"')[0], kind] = float(line.rsplit(" ", 1)[1])
    return {stage: (values[stage, "sum"], values[stage, "count"]) for stage in STAGES}


def _raw_milliseconds(settings: Settings) -> float:
    """Median time of the bare booster for one row, on the core of the service."""
    model = ModelRegistry(settings).load(settings.registry.model_alias).scorer.model
    assert isinstance(model, LightGBMModel)
    row = np.random.default_rng(0).normal(size=(1, len(feature_names()))).astype(np.float32)
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {SERVICE_CORE})
    taken = []
    for _ in range(RAW_CALLS):
        begun = time.perf_counter()
        model.booster.predict(row, raw_score=True, num_threads=1)
        taken.append(time.perf_counter() - begun)
    os.sched_setaffinity(0, everywhere)
    return 1000 * float(np.median(taken))


if __name__ == "__main__":
    main()
