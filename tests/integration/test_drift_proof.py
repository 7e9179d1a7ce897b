"""What the monitor finds and what it does not, on synthetic applicants whose true probabilities are known."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.drift_detection.compare import Window, compare
from credit_scoring.drift_detection.comparison import MIN_OUTCOMES, Sample
from credit_scoring.drift_detection.result import DriftResult, Finding
from credit_scoring.drift_detection.sentences import verdict_sentences
from credit_scoring.evaluation.performance import estimated
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.governance.drift_history import DriftSummary, Status
from tests.support.drift_world import (
    AMOUNT,
    COLUMN,
    CONTRACT,
    MISSED_DEFAULT_COST,
    RATIO,
    SCORE,
    baseline,
    clients,
    outcomes,
    sample_of,
    track_of,
    training_clients,
)

pytestmark = pytest.mark.slow
START = datetime(2026, 7, 1, tzinfo=UTC)
WINDOW_CLIENTS = 2_000
DECIDED = 500


def result_of(sample: Sample, number: int = 0, earlier: list[DriftSummary] | None = None) -> DriftResult:
    """The comparison of the window with a number, a week each."""
    since = START + number * timedelta(days=7)
    window = Window("ledger", "ledger", since, since + timedelta(days=7), since + timedelta(days=8))
    return compare(baseline(), sample, track_of(sample), None, window, Settings(), earlier or [])


def test_windows_drawn_from_the_reference_raise_no_alarm_and_hardly_a_warning() -> None:
    earlier: list[DriftSummary] = []
    for number in range(200):
        reference = training_clients()
        drawn = np.random.default_rng(1_000 + number).choice(len(reference.truth), DECIDED, replace=False)
        sample = sample_of(reference.features[drawn], outcomes(reference.truth[drawn], seed=2_000 + number))
        earlier.append(result_of(sample, number, earlier).summary)
    statuses = [summary.status for summary in earlier]
    assert statuses.count(Status.ALARM) == 0
    assert statuses.count(Status.WARNING) <= 2
    assert statuses.count(Status.TOO_FEW) == 0


def _amount_rises(features: np.ndarray) -> None:
    features[:, COLUMN[AMOUNT]] *= 2


def _category_vanishes(features: np.ndarray) -> None:
    features[:, COLUMN[CONTRACT]] = 1


def _turns_missing(features: np.ndarray) -> None:
    features[::2, COLUMN[SCORE]] = np.nan


def _changes_unit(features: np.ndarray) -> None:
    features[:, COLUMN[AMOUNT]] /= 1_000


def _other_population(features: np.ndarray) -> None:
    # A new channel brings applicants with high ratios instead of most of those with low ones.
    ratio = features[:, COLUMN[RATIO]]
    low = np.flatnonzero(ratio < np.median(ratio))
    replaced = low[np.arange(len(low)) % 3 > 0]
    features[replaced] = features[np.argsort(-ratio)[: len(replaced)]]


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        (_amount_rises, AMOUNT),
        (_category_vanishes, CONTRACT),
        (_turns_missing, SCORE),
        (_changes_unit, AMOUNT),
        (_other_population, RATIO),
    ],
)
def test_a_changed_input_is_found_and_named(change: Callable[[np.ndarray], None], moved: str) -> None:
    features = clients(WINDOW_CLIENTS, seed=7).features
    assert result_of(sample_of(features)).verdict.status is Status.STABLE
    change(features)
    result = result_of(sample_of(features))
    assert result.verdict.status is Status.WARNING
    assert [feature.name for feature in result.drifted] == [moved]
    assert max(result.features, key=lambda feature: feature.index).name == moved


def test_a_changed_relation_is_found_by_measured_performance_and_not_by_the_estimate() -> None:
    earlier: list[DriftSummary] = []
    results = []
    for number in range(2):
        drawn = clients(WINDOW_CLIENTS, seed=20 + number)
        # Twice the odds of a default, with the same inputs.
        odds = 2 * drawn.truth / (1 - drawn.truth)
        sample = sample_of(drawn.features, outcomes(odds / (1 + odds), seed=30 + number))
        results.append(result_of(sample, number, earlier))
        earlier.append(results[-1].summary)
    assert [result.verdict.status for result in results] == [Status.WARNING, Status.ALARM]
    for result in results:
        assert result.verdict.findings == (Finding.DEFAULT_RATE,)
        assert not result.drifted
        (month,) = result.months
        assert month.measured is not None and month.estimated_where_measured is not None
        assert month.measured.cost_per_client.low > month.estimated_where_measured.cost_per_client.high
    assert results[1].verdict.since == START


def test_riskier_applicants_whom_the_model_predicted_are_not_called_underestimated() -> None:
    drawn = clients(4 * WINDOW_CLIENTS, seed=60)
    probability = baseline().registered.scorer.probability(drawn.features)
    riskiest = np.argsort(-probability)[: len(probability) * 6 // 10]
    sample = sample_of(drawn.features[riskiest], outcomes(drawn.truth[riskiest], seed=61))
    result = result_of(sample)
    assert Finding.DEFAULT_RATE in result.verdict.findings
    what_to_do = verdict_sentences(result, LANGUAGES["en"])[1]
    assert "as the model itself predicted" in what_to_do and "underestimates" not in what_to_do


@pytest.mark.parametrize(
    ("begin_of_second_week", "status"),
    [(1, Status.ALARM), (2, Status.ALARM), (3, Status.WARNING)],
    ids=["adjacent", "a week between", "two weeks between"],
)
def test_an_alarm_needs_windows_that_are_near_each_other(begin_of_second_week: int, status: Status) -> None:
    earlier: list[DriftSummary] = []
    for week in (0, begin_of_second_week):
        drawn = clients(WINDOW_CLIENTS, seed=20 + week)
        odds = 3 * drawn.truth / (1 - drawn.truth)
        sample = sample_of(drawn.features, outcomes(odds / (1 + odds), seed=30 + week))
        earlier.append(result_of(sample, week, earlier).summary)
    assert earlier[-1].status is status


def test_fewer_than_a_hundred_new_outcomes_lead_to_no_finding() -> None:
    drawn = clients(WINDOW_CLIENTS, seed=70)
    sample = sample_of(drawn.features, np.ones(WINDOW_CLIENTS))
    accepted = np.flatnonzero(~sample.refused)
    unknown = sample.default.copy()
    unknown[accepted[MIN_OUTCOMES - 1 :]] = np.nan
    few = result_of(replace(sample, default=unknown))
    assert few.verdict.status is Status.STABLE and few.summary.measured_cost is None
    unknown[accepted[MIN_OUTCOMES - 1]] = 1.0
    enough = result_of(replace(sample, default=unknown))
    assert enough.verdict.findings == (Finding.DEFAULT_RATE,) and enough.summary.measured_cost is not None


def test_without_outcomes_a_changed_relation_is_invisible() -> None:
    assert result_of(sample_of(clients(WINDOW_CLIENTS, seed=20).features)).verdict.status is Status.STABLE


def test_the_estimated_cost_holds_the_true_cost_in_its_interval() -> None:
    inside, realised_inside = 0, 0
    for number in range(100):
        drawn = clients(WINDOW_CLIENTS, seed=5_000 + number)
        sample = sample_of(drawn.features)
        true_cost = np.where(sample.refused, 1 - drawn.truth, MISSED_DEFAULT_COST * drawn.truth).mean()
        estimate = estimated(sample.probability, sample.refused, MISSED_DEFAULT_COST).cost_per_client
        inside += estimate.low <= true_cost <= estimate.high
        default = outcomes(drawn.truth, seed=6_000 + number)
        realised = np.where(sample.refused, 1 - default, MISSED_DEFAULT_COST * default).mean()
        realised_inside += estimate.low <= realised <= estimate.high
    assert inside >= 90 and realised_inside >= 90


@pytest.mark.parametrize("share", [0.0, 0.3, 0.6])
def test_the_verdict_depends_on_the_share_of_drifted_features(share: float) -> None:
    earlier: list[DriftSummary] = []
    for number in range(2):
        features = clients(WINDOW_CLIENTS, seed=40 + number).features
        moved = [name for name in COLUMN if name.startswith("noise_")][: round(share * len(COLUMN))]
        for name in moved:
            features[:, COLUMN[name]] += 2
        earlier.append(result_of(sample_of(features), number, earlier).summary)
    expected = {0.0: [Status.STABLE] * 2, 0.3: [Status.WARNING] * 2, 0.6: [Status.WARNING, Status.ALARM]}[share]
    assert [summary.status for summary in earlier] == expected
    assert earlier[1].alerted_since == (None if share == 0.0 else START)


def test_few_decisions_get_no_verdict() -> None:
    features = clients(DECIDED - 1, seed=1).features
    features[:, COLUMN[SCORE]] = 100
    result = result_of(sample_of(features))
    assert result.verdict.status is Status.TOO_FEW and not result.verdict.findings
