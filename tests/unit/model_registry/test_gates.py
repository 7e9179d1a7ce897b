"""Every gate passes a good version and fails a bad one, with the figure and the limit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import gates
from credit_scoring.model_registry.evidence import EvaluatedVersion, Evidence, OutOfFold
from credit_scoring.model_registry.gate_result import GateResult
from credit_scoring.model_registry.gates import evaluate_gates, missing_fairness_audit
from tests.support.scorers import small_scorer

DESCRIPTION = small_scorer(threshold=0.1).description.model_copy(update={"source": "real"})
CLIENTS = 4000
DEFAULT_RATE = 0.08

Gate = Callable[[Evidence], GateResult]


def predictions(noise: float, clients: int = CLIENTS, seed: int = 0, first_client: int = 1) -> OutOfFold:
    """Calibrated probabilities of clients, blurred by noise on the log-odds."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(np.log(DEFAULT_RATE / (1 - DEFAULT_RATE)) - 0.4, 1.2, clients)
    default = (random.random(clients) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    # The mean of the true probability given the blurred log-odds, by logistic regression's closed form for normals.
    blurred = log_odds + np.random.default_rng(seed + 1).normal(0, noise, clients)
    shrunk = log_odds.mean() + (blurred - log_odds.mean()) * 1.44 / (1.44 + noise**2)
    return OutOfFold(np.arange(first_client, first_client + clients), default, 1 / (1 + np.exp(-shrunk)))


def candidate_version(noise: float = 0.1, number: int = 2, **changed: object) -> EvaluatedVersion:
    return EvaluatedVersion(number, DESCRIPTION.model_copy(update=changed), predictions(noise))


def evidence(candidate: EvaluatedVersion | None = None, champion: EvaluatedVersion | None = None) -> Evidence:
    return Evidence(
        candidate=candidate or candidate_version(),
        champion=champion,
        served_features=DESCRIPTION.feature_names,
        single_row_milliseconds=0.4,
        allow_synthetic=False,
        settings=Settings(),
    )


def test_a_good_first_version_passes_every_gate() -> None:
    results = evaluate_gates(evidence())
    assert [result.message for result in results if not result.passed] == []
    assert [result.gate for result in results] == list(gates.GATES)


def test_a_version_like_the_champion_passes_every_gate() -> None:
    results = evaluate_gates(evidence(champion=candidate_version(0.11, number=1)))
    assert [result.message for result in results if not result.passed] == []


def test_a_synthetic_version_needs_to_be_allowed() -> None:
    refused = evidence(candidate_version(source="synthetic"))
    result = gates.not_synthetic(refused)
    assert not result.passed
    assert "--allow-synthetic" in result.message
    allowed = gates.not_synthetic(replace(refused, allow_synthetic=True))
    assert allowed.passed
    assert "allowed" in allowed.message


def test_a_synthetic_version_never_replaces_a_real_one() -> None:
    against = evidence(candidate_version(source="synthetic"), champion=candidate_version(number=1))
    result = gates.not_synthetic(replace(against, allow_synthetic=True))
    assert not result.passed
    assert "version 1 in production was trained on real clients" in result.message


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_synthetic_and_real_figures_are_not_compared(gate: Gate) -> None:
    result = gate(evidence(candidate_version(noise=5.0), champion=candidate_version(number=1, source="synthetic")))
    assert result.passed
    assert "was trained on synthetic clients" in result.message


def test_a_version_that_ranks_by_chance_fails() -> None:
    result = gates.better_than_chance(evidence(candidate_version(noise=100.0)))
    assert not result.passed
    assert "against 0.5" in result.message


def test_a_version_that_costs_more_than_one_decision_for_all_fails() -> None:
    result = gates.better_than_chance(evidence(candidate_version(threshold=0.9)))
    assert not result.passed
    assert "deciding alike on all" in result.message


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_a_clearly_worse_version_fails_with_the_interval(gate: Gate) -> None:
    result = gate(evidence(candidate_version(noise=2.5), champion=candidate_version(number=1)))
    assert not result.passed
    assert "minus that of version 1" in result.message
    assert f"on the same {CLIENTS:,} clients" in result.message


def test_a_difference_that_pairs_show_is_noise_between_different_clients() -> None:
    candidate, champion = candidate_version(noise=0.45), candidate_version(number=1)
    assert not gates.auc_not_worse(evidence(candidate, champion)).passed
    others = replace(champion, out_of_fold=predictions(0.1, first_client=CLIENTS + 1))
    result = gates.auc_not_worse(evidence(candidate, others))
    assert result.passed
    assert f"on {CLIENTS:,} clients and {CLIENTS:,} others" in result.message


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_a_much_worse_version_fails_between_different_clients_too(gate: Gate) -> None:
    others = replace(candidate_version(number=1), out_of_fold=predictions(0.1, seed=5, first_client=CLIENTS + 1))
    assert not gate(evidence(candidate_version(noise=100.0), others)).passed


def test_doubled_probabilities_fail() -> None:
    honest = predictions(0.1)
    doubled = replace(honest, probability=np.minimum(2 * honest.probability, 0.99))
    result = gates.calibrated(evidence(replace(candidate_version(), out_of_fold=doubled)))
    assert not result.passed
    assert "allowed 0.0100" in result.message


def test_chance_explains_the_calibration_error_of_few_clients() -> None:
    few = replace(candidate_version(), out_of_fold=predictions(0.1, clients=300))
    assert gates.calibrated(evidence(few)).passed


@pytest.mark.parametrize(
    ("served", "message"),
    [
        (("age", "income"), "1 of 3 features are not served, the first is debt"),
        (("age", "income", "debt", "rent"), "another order"),
        (("income", "age", "debt"), "another order"),
        ("The online store holds no feature version.", "holds no feature version"),
    ],
)
def test_features_that_the_service_does_not_compute_fail(served: tuple[str, ...] | str, message: str) -> None:
    result = gates.features_served(replace(evidence(), served_features=served))
    assert not result.passed
    assert message in result.message


def test_a_slow_version_fails() -> None:
    result = gates.fast_enough(replace(evidence(), single_row_milliseconds=10.1))
    assert not result.passed
    assert "10.10 ms, allowed 10 ms" in result.message


def test_a_version_is_audited_only_by_a_verdict_at_the_limit_that_is_set() -> None:
    settings = Settings()
    result = GateResult(gate="fairness", passed=False, message="men wait", limit=0.8)
    # A failed audit counts too: it can be waived.
    assert missing_fairness_audit([result], settings) is None
    for reported in ([], [result.model_copy(update={"gate": "other"})]):
        missing = missing_fairness_audit(reported, settings)
        assert missing is not None
        assert not missing.passed
        assert "credit-scoring audit" in missing.message
    for limit in (None, 0.5):
        stale = missing_fairness_audit([result.model_copy(update={"limit": limit})], settings)
        assert stale is not None
        assert "now 0.8 is set" in stale.message


def test_a_gate_is_added_by_one_function(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "GATES", dict(gates.GATES))

    @gates.gate
    def enough_clients(evidence: Evidence) -> tuple[bool, str]:
        clients = len(evidence.candidate.out_of_fold.default)
        return clients >= 10_000, f"{clients:,} clients of at least 10,000"

    result = evaluate_gates(evidence())[-1]
    assert (result.gate, result.allows_promotion) == ("enough_clients", False)
    assert result.message == "4,000 clients of at least 10,000"
