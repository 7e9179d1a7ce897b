"""One fold map for every model: stratified, and the same for a client whatever the order of rows."""

import numpy as np
import pytest

from credit_scoring.core.buckets import bucket_of
from credit_scoring.core.errors import TrainingError
from credit_scoring.train.training_data import fold_map

CLIENTS = np.arange(100_002, 101_002, dtype=np.int32)
DEFAULT = (CLIENTS % 12 == 0).astype(np.int8)


def test_the_map_never_changes() -> None:
    folds = fold_map(CLIENTS[:20], np.tile([0, 1], 10), 5)
    assert folds.tolist() == [0, 0, 4, 3, 2, 3, 2, 2, 3, 4, 4, 1, 1, 0, 1, 4, 3, 2, 0, 1]


@pytest.mark.parametrize("fold_count", [2, 5, 20])
def test_every_fold_has_its_share_of_both_classes(fold_count: int) -> None:
    folds = fold_map(CLIENTS, DEFAULT, fold_count)
    for target in (0, 1):
        counts = np.bincount(folds[DEFAULT == target], minlength=fold_count)
        assert counts.max() - counts.min() <= 1
        assert len(counts) == fold_count


def test_the_order_of_rows_and_their_type_do_not_matter() -> None:
    folds = fold_map(CLIENTS, DEFAULT, 5)
    shuffled = np.random.default_rng(0).permutation(len(CLIENTS))
    again = fold_map(CLIENTS[shuffled].astype(np.int64), DEFAULT[shuffled].astype(np.float64), 5)
    assert (again == folds[shuffled]).all()


def test_folds_do_not_follow_the_buckets() -> None:
    clients = np.arange(100_001, 116_001)
    folds = fold_map(clients, (clients % 12 == 0).astype(np.int8), 5)
    buckets = np.array([bucket_of(int(client), 5) for client in clients])
    shares = np.histogram2d(folds, buckets, bins=(5, 5))[0] / len(clients)
    assert np.abs(shares - 1 / 25).max() < 0.005


@pytest.mark.parametrize(("defaults", "target"), [(0, 1), (4, 1), (20, 0), (17, 0)], ids=["none", "few", "all", "most"])
def test_a_class_that_does_not_reach_every_fold_is_named(defaults: int, target: int) -> None:
    default = np.repeat([1, 0], [defaults, 20 - defaults])
    with pytest.raises(TrainingError, match=rf"have TARGET {target}, too few for 5 folds"):
        fold_map(CLIENTS[:20], default, 5)


def test_without_clients_there_are_no_folds() -> None:
    with pytest.raises(TrainingError, match="Only 0 clients"):
        fold_map(np.array([], dtype=np.int32), np.array([], dtype=np.int8), 5)
