"""Every gate lets a good version through, refuses a bad one, and says the figure and the limit."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry import gates
from credit_scoring.model_registry.gate_result import Verdict
from credit_scoring.model_registry.gates import Contender, Evidence, OutOfFold, audited, judge
from tests.support.scorers import small_scorer

DESCRIPTION = small_scorer(threshold=0.1).description.model_copy(update={"source": "real"})
CLIENTS = 4000
DEFAULT_RATE = 0.08

Gate = Callable[[Evidence], Verdict]


def predictions(noise: float, clients: int = CLIENTS, seed: int = 0, first_client: int = 1) -> OutOfFold:
    """Calibrated probabilities of clients, blurred by noise on the log-odds."""
    random = np.random.default_rng(seed)
    log_odds = random.normal(np.log(DEFAULT_RATE / (1 - DEFAULT_RATE)) - 0.4, 1.2, clients)
    default = (random.random(clients) < 1 / (1 + np.exp(-log_odds))).astype(np.int8)
    # The mean of the true probability given the blurred log-odds, by logistic regression's closed form for normals.
    blurred = log_odds + np.random.default_rng(seed + 1).normal(0, noise, clients)
    shrunk = log_odds.mean() + (blurred - log_odds.mean()) * 1.44 / (1.44 + noise**2)
    return OutOfFold(np.arange(first_client, first_client + clients), default, 1 / (1 + np.exp(-shrunk)))


def contender(noise: float = 0.1, number: int = 2, **changed: object) -> Contender:
    return Contender(number, DESCRIPTION.model_copy(update=changed), predictions(noise))


def evidence(candidate: Contender | None = None, champion: Contender | None = None) -> Evidence:
    return Evidence(
        candidate=candidate or contender(),
        champion=champion,
        served_features=DESCRIPTION.feature_names,
        single_row_milliseconds=0.4,
        allow_synthetic=False,
        settings=Settings(),
    )


def test_a_good_first_version_passes_every_gate() -> None:
    verdicts = judge(evidence())
    assert [verdict.says for verdict in verdicts if not verdict.passed] == []
    assert len({verdict.gate for verdict in verdicts}) == len(gates.GATES)
    assert [verdict.gate for verdict in verdicts] == [gate.__name__ for gate in gates.GATES]


def test_a_version_like_the_champion_passes_every_gate() -> None:
    verdicts = judge(evidence(champion=contender(0.11, number=1)))
    assert [verdict.says for verdict in verdicts if not verdict.passed] == []


def test_a_synthetic_version_needs_to_be_allowed() -> None:
    refused = evidence(contender(source="synthetic"))
    verdict = gates.not_synthetic(refused)
    assert not verdict.passed
    assert "--allow-synthetic" in verdict.says
    allowed = gates.not_synthetic(replace(refused, allow_synthetic=True))
    assert allowed.passed
    assert "allowed" in allowed.says


def test_a_synthetic_version_never_takes_the_place_of_a_real_one() -> None:
    against = evidence(contender(source="synthetic"), champion=contender(number=1))
    verdict = gates.not_synthetic(replace(against, allow_synthetic=True))
    assert not verdict.passed
    assert "version 1 in production learned from real clients" in verdict.says


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_figures_of_generated_and_of_real_clients_are_not_compared(gate: Gate) -> None:
    verdict = gate(evidence(contender(noise=5.0), champion=contender(number=1, source="synthetic")))
    assert verdict.passed
    assert "learned from synthetic clients" in verdict.says


def test_a_version_that_ranks_like_a_coin_is_refused() -> None:
    verdict = gates.better_than_chance(evidence(contender(noise=100.0)))
    assert not verdict.passed
    assert "against 0.5" in verdict.says


def test_a_version_that_costs_more_than_one_answer_for_everybody_is_refused() -> None:
    verdict = gates.better_than_chance(evidence(contender(threshold=0.9)))
    assert not verdict.passed
    assert "one answer for everybody" in verdict.says


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_a_clearly_worse_version_is_refused_with_the_interval(gate: Gate) -> None:
    verdict = gate(evidence(contender(noise=2.5), champion=contender(number=1)))
    assert not verdict.passed
    assert "minus that of version 1" in verdict.says
    assert f"on the same {CLIENTS:,} clients" in verdict.says


def test_a_difference_that_is_seen_pair_by_pair_is_noise_between_different_clients() -> None:
    candidate, champion = contender(noise=0.45), contender(number=1)
    assert not gates.auc_not_worse(evidence(candidate, champion)).passed
    others = replace(champion, out_of_fold=predictions(0.1, first_client=CLIENTS + 1))
    verdict = gates.auc_not_worse(evidence(candidate, others))
    assert verdict.passed
    assert f"on {CLIENTS:,} clients and {CLIENTS:,} others" in verdict.says


@pytest.mark.parametrize("gate", [gates.auc_not_worse, gates.cost_not_worse])
def test_a_much_worse_version_is_refused_between_different_clients_too(gate: Gate) -> None:
    others = replace(contender(number=1), out_of_fold=predictions(0.1, seed=5, first_client=CLIENTS + 1))
    assert not gate(evidence(contender(noise=100.0), others)).passed


def test_probabilities_that_are_twice_too_high_are_refused() -> None:
    honest = predictions(0.1)
    doubled = replace(honest, probability=np.minimum(2 * honest.probability, 0.99))
    verdict = gates.calibrated(evidence(replace(contender(), out_of_fold=doubled)))
    assert not verdict.passed
    assert "allowed 0.0100" in verdict.says


def test_few_clients_are_not_blamed_for_chance() -> None:
    few = replace(contender(), out_of_fold=predictions(0.1, clients=300))
    assert gates.calibrated(evidence(few)).passed


@pytest.mark.parametrize(
    ("served", "says"),
    [
        (("age", "income"), "1 of 3 features are not served, the first is debt"),
        (("age", "income", "debt", "rent"), "another order"),
        (("income", "age", "debt"), "another order"),
        ("The online store holds no feature version.", "holds no feature version"),
    ],
)
def test_features_that_the_service_does_not_give_are_refused(
    served: tuple[str, ...] | str, says: str
) -> None:
    verdict = gates.features_served(replace(evidence(), served_features=served))
    assert not verdict.passed
    assert says in verdict.says


def test_a_slow_version_is_refused() -> None:
    verdict = gates.fast_enough(replace(evidence(), single_row_milliseconds=10.1))
    assert not verdict.passed
    assert "10.10 ms, allowed 10 ms" in verdict.says


def test_a_version_is_audited_only_by_a_verdict_at_the_limit_that_is_set() -> None:
    settings = Settings()
    verdict = Verdict(gate="fairness", passed=False, says="men wait", limit=0.8)
    # Whether it passed is for the waiver; here it only counts that somebody looked.
    assert audited([verdict], settings) is None
    for reported in ([], [verdict.model_copy(update={"gate": "other"})]):
        missing = audited(reported, settings)
        assert missing is not None
        assert not missing.passed
        assert "credit-scoring explain" in missing.says
    for limit in (None, 0.5):
        stale = audited([verdict.model_copy(update={"limit": limit})], settings)
        assert stale is not None
        assert "now 0.8 is set" in stale.says
