"""A new champion is activated without a restart; a challenger in shadow mode affects no response."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import cast

import numpy as np
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import JsonValue

from credit_scoring.api.background.model_watcher import ModelWatcher
from credit_scoring.api.background.periodic import PeriodicTask
from credit_scoring.api.background.shadow import Shadow
from credit_scoring.api.instrumentation import Instrumentation
from credit_scoring.api.metrics import Metrics
from credit_scoring.core.errors import ModelNotFoundError
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.service import DecisionService
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.explanation_types import Explain
from tests.support.scorers import Misbehaving, small_features, small_scorer
from tests.unit.api.clock import Clock
from tests.unit.api.fake_decisions import FakeDecisions, FakeRegistry

FEATURES = small_features(3, rows=4)


def value(metrics: Metrics, name: str, **labels: str) -> float:
    """One sample, 0 if there is none."""
    return next(
        (
            sample.value
            for family in text_string_to_metric_families(metrics.rendered().decode())
            for sample in family.samples
            if sample.name == name and sample.labels == labels
        ),
        0.0,
    )


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a result of another thread."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def watcher(decisions: FakeDecisions, registry: FakeRegistry, metrics: Metrics) -> ModelWatcher:
    return ModelWatcher(cast(DecisionService, decisions), cast(ModelRegistry, registry), "production", metrics)


def test_a_new_champion_is_activated(
    watcher: ModelWatcher, decisions: FakeDecisions, registry: FakeRegistry, metrics: Metrics
) -> None:
    since = watcher.since
    registry.versions[6] = RegisteredScorer(small_scorer(threshold=0.9), "credit-scoring", 6)
    registry.number = 6
    watcher.refresh()
    assert decisions.registered.version == 6
    assert decisions.registered.scorer.description.threshold == 0.9
    assert watcher.since > since
    assert value(metrics, "credit_model_version", role="champion") == 6
    assert value(metrics, "credit_model_changes_total", result="activated") == 1


def test_an_unchanged_champion_is_not_reloaded(watcher: ModelWatcher, decisions: FakeDecisions) -> None:
    before = decisions.registered
    watcher.refresh()
    assert decisions.registered is before


def test_a_champion_that_fails_to_load_leaves_the_previous_one_active(
    watcher: ModelWatcher, decisions: FakeDecisions, registry: FakeRegistry, metrics: Metrics
) -> None:
    registry.number = 7
    with pytest.raises(ModelNotFoundError):
        watcher.refresh()
    assert decisions.registered.version == 5
    assert value(metrics, "credit_model_changes_total", result="failed") == 1


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr("credit_scoring.api.instrumentation.time.perf_counter", ticking)
    return ticking


def test_the_time_of_a_decision_is_split_over_its_stages(metrics: Metrics, clock: Clock) -> None:
    instrumentation = Instrumentation(metrics, None)
    scorer = small_scorer()

    def explain(*_: object) -> str:
        clock.seconds += 4
        return "because"

    def begin_decisions(
        requests: Sequence[DecisionRequest], explain: Explain[JsonValue] | None = None
    ) -> tuple[list[DecisionRecord], Future[None]]:
        instrumentation.on_lookup(0.25)
        instrumentation.on_scoring(scorer, FEATURES, scorer.probability(FEATURES), 0.125)
        clock.seconds += 1
        if explain is not None:
            assert explain(scorer, {}, FEATURES, lambda _: None) == "because"
        return [], Future()

    def sums() -> dict[str, float]:
        name = "credit_decision_stage_seconds_sum"
        stages = ("look_up", "features", "model", "explain")
        return {stage: value(metrics, name, stage=stage) for stage in stages}

    decide = partial(instrumentation.timed, begin_decisions)
    decide([], None)
    assert sums() == {"look_up": 0.25, "features": 0.625, "model": 0.125, "explain": 0.0}
    decide([], explain)
    assert sums() == {"look_up": 0.5, "features": 1.25, "model": 0.25, "explain": 4.0}


def misbehaving(deed: Callable[[], None]) -> RegisteredScorer:
    """A challenger equal to the champion that runs `deed` before each scoring."""
    scorer = small_scorer()
    return RegisteredScorer(Misbehaving(scorer.model, scorer.description, deed=deed), "credit-scoring", 9)


@contextmanager
def shadowing(
    registry: FakeRegistry, metrics: Metrics, challenger: RegisteredScorer
) -> Iterator[Callable[[], np.ndarray]]:
    """Scores with a champion while a challenger runs in shadow mode."""
    registry.number, registry.versions = challenger.version, {challenger.version: challenger}
    shadow = Shadow(cast(ModelRegistry, registry), "challenger", metrics)
    shadow.refresh()
    shadow.start()
    instrumentation, champion = Instrumentation(metrics, shadow), small_scorer()

    def score() -> np.ndarray:
        probabilities = champion.probability(FEATURES)
        instrumentation.on_scoring(champion, FEATURES, probabilities, 0.001)
        return probabilities

    yield score
    shadow.stop()


def test_a_shadow_is_compared_with_the_champion(registry: FakeRegistry, metrics: Metrics) -> None:
    other = RegisteredScorer(small_scorer(threshold=0.0), "credit-scoring", 9)
    with shadowing(registry, metrics, other) as score:
        refused = int((score() >= small_scorer().description.threshold).sum())
        wait_until(lambda: value(metrics, "credit_shadow_probability_difference_count") == 4)
    assert value(metrics, "credit_shadow_decisions_total", result="same") == refused
    assert value(metrics, "credit_shadow_decisions_total", result="different") == 4 - refused
    assert value(metrics, "credit_shadow_probability_difference_sum") == 0
    assert value(metrics, "credit_model_version", role="shadow") == 9
    assert value(metrics, "credit_shadow_seconds_count") == 1
    assert value(metrics, "credit_shadow_seconds_sum") > 0


def test_a_shadow_that_raises_does_not_affect_the_caller(registry: FakeRegistry, metrics: Metrics) -> None:
    def crash() -> None:
        raise RuntimeError("a challenger that was never tested")

    with shadowing(registry, metrics, misbehaving(crash)) as score:
        for _ in range(3):
            expected = small_scorer().probability(FEATURES)
            np.testing.assert_array_equal(score(), expected)
        wait_until(lambda: value(metrics, "credit_shadow_decisions_total", result="failed") == 12)


def test_a_shadow_that_hangs_drops_scorings_and_does_not_affect_the_caller(
    registry: FakeRegistry, metrics: Metrics
) -> None:
    is_released = threading.Event()

    def hang() -> None:
        is_released.wait(30)

    with shadowing(registry, metrics, misbehaving(hang)) as score:
        for _ in range(150):
            score()
        # All were scored while the challenger was busy with the first.
        assert value(metrics, "credit_shadow_decisions_total", result="same") == 0
        assert value(metrics, "credit_shadow_decisions_total", result="dropped") >= 4 * 49
        is_released.set()


def test_a_shadow_trained_on_other_features_counts_as_failed(registry: FakeRegistry, metrics: Metrics) -> None:
    other = RegisteredScorer(small_scorer(("age", "income", "colour")), "credit-scoring", 9)
    with shadowing(registry, metrics, other) as score:
        score()
        wait_until(lambda: value(metrics, "credit_shadow_decisions_total", result="failed") == 4)


def test_a_shadow_follows_its_alias(registry: FakeRegistry, metrics: Metrics) -> None:
    first = RegisteredScorer(small_scorer(), "credit-scoring", 8)
    registry.number, registry.versions = 8, {8: first, 9: replace(first, version=9)}
    shadow = Shadow(cast(ModelRegistry, registry), "challenger", metrics)
    shadow.refresh()
    registry.number = 9
    shadow.refresh()
    assert value(metrics, "credit_model_version", role="shadow") == 9


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_periodic_task_that_ends_its_thread_is_restarted() -> None:
    runs: list[int] = []

    def task() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise SystemExit

    periodic = PeriodicTask("something", 0.001, task)
    periodic.start()
    wait_until(lambda: len(runs) >= 3)
    assert periodic.failure_reason is None
    periodic.stop()


def test_a_failing_periodic_task_is_logged_once_and_repeated(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [OSError("away"), OSError("away"), None]

    def work() -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    task = PeriodicTask("something", 0.001, work)
    for _ in range(3):
        task.run_once()
    printed = capsys.readouterr().out
    assert printed.count("periodic task failed") == 1
    assert printed.count("periodic task recovered") == 1


def test_a_periodic_task_repeats_until_it_is_stopped() -> None:
    runs: list[int] = []
    task = PeriodicTask("something", 0.001, lambda: runs.append(1))
    task.start()
    wait_until(lambda: len(runs) >= 3)
    task.stop()
    stopped_at = len(runs)
    time.sleep(0.01)
    assert len(runs) == stopped_at
