"""The clients behind the tables."""

import numpy as np
import pytest

from credit_scoring.synthetic_data.chunks import chunks_of
from credit_scoring.synthetic_data.clients import HABITS, draw_clients
from credit_scoring.synthetic_data.previous_kinds import draw_kinds, kinds_of_previous
from credit_scoring.synthetic_data.ranks import Ranks, even_ranks


def test_habits_follow_the_risk_as_declared() -> None:
    clients = draw_clients(chunks_of(8_192, seed=1)[0])
    for name, loading in HABITS.items():
        assert np.corrcoef(clients.habits[name], clients.risk)[0, 1] == pytest.approx(loading, abs=0.03)


def test_nearly_every_client_had_a_loan_and_none_has_two_cards() -> None:
    clients = draw_clients(chunks_of(8_192, seed=1)[0])
    owner = np.repeat(np.arange(len(clients)), clients.previous_applications)
    kinds = kinds_of_previous()
    kind = draw_kinds(clients, owner, np.random.default_rng(1))
    approved = kinds.labels["NAME_CONTRACT_STATUS"][kind] == "Approved"
    revolving = kinds.labels["NAME_CONTRACT_TYPE"][kind] == "Revolving loans"
    assert np.isin(np.unique(owner), owner[approved & ~revolving]).all()
    assert np.bincount(owner[approved & revolving]).max() == 1
    shares = np.bincount(kind[~clients.is_test[owner]], minlength=len(kinds.train_shares))
    assert shares / shares.sum() == pytest.approx(kinds.train_shares, abs=0.002)


def test_even_ranks_fill_every_step_once_in_the_order_of_the_values() -> None:
    values = np.array([3.0, -1.0, 2.0, 7.0])
    ranks = even_ranks(values, np.random.default_rng(1))
    assert np.argsort(ranks).tolist() == np.argsort(values).tolist()
    assert np.floor(np.sort(ranks) * 4).tolist() == [0, 1, 2, 3]


def test_ranks_among_a_group_are_even_within_it_and_lean_to_favoured_rows() -> None:
    latent = {"x": np.random.default_rng(1).standard_normal(1_000)}
    ranks = Ranks(latent, np.random.default_rng(2))
    group = np.arange(1_000) < 200
    among = ranks.of("x", group)
    assert (among[~group] == 0.5).all()
    assert np.floor(np.sort(among[group]) * 200).tolist() == list(range(200))
    leaning = ranks.of("x", lean=np.where(group, 2.0, 0.0))
    assert leaning[group].mean() > 0.8
