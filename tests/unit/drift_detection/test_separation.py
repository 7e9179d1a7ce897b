"""The classifier finds what moved, and nothing where clients only apply again."""

from dataclasses import replace

import numpy as np
import pytest

from credit_scoring.drift_detection.comparison import Sample, TrainingClients
from credit_scoring.drift_detection.separation import separation
from tests.support.drift_world import AMOUNT, COLUMN, NAMES, clients, sample_of

pytestmark = pytest.mark.slow


def training(features: np.ndarray, first_client: int = 100_000) -> TrainingClients:
    unknown = np.full(len(features), np.nan)
    return TrainingClients(NAMES, features, unknown, first_client + np.arange(len(features)), unknown)


def current(features: np.ndarray, client: np.ndarray | None = None) -> Sample:
    sample = sample_of(features)
    return sample if client is None else replace(sample, client=client)


def test_applications_like_those_of_the_training_cannot_be_told_apart() -> None:
    found = separation(training(clients(2_000, 50).features), current(clients(1_000, 51).features))
    assert found is not None and found.auc.low < 0.5 < found.auc.high


def test_the_feature_that_moved_is_named_first() -> None:
    moved = clients(1_000, 51).features
    moved[:, COLUMN[AMOUNT]] *= 2
    found = separation(training(clients(2_000, 50).features), current(moved))
    assert found is not None and found.auc.low > 0.65
    assert next(iter(found.features)) == AMOUNT


def test_clients_who_apply_several_times_are_not_recognised() -> None:
    repeated = np.repeat(clients(300, 51).features, 4, axis=0)
    found = separation(training(clients(1_000, 50).features), current(repeated, np.repeat(np.arange(300), 4)))
    assert found is not None and found.auc.value < 0.6


def test_clients_of_the_training_who_apply_again_look_alike() -> None:
    features = clients(1_000, 50).features
    found = separation(training(features), current(features.copy(), 100_000 + np.arange(len(features))))
    assert found is not None and 0.4 < found.auc.value < 0.6


def test_few_applications_are_not_separated() -> None:
    assert separation(training(clients(99, 50).features), current(clients(1_000, 51).features)) is None


def test_the_same_rows_give_the_same_result() -> None:
    sides = training(clients(2_000, 50).features), current(clients(1_000, 51).features)
    assert separation(*sides) == separation(*sides)
