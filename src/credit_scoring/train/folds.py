"""The one fold map that every model uses."""

import numpy as np

from credit_scoring.core.buckets import HASH_MULTIPLIER, HASH_RANGE
from credit_scoring.core.errors import TrainingError


def fold_map(client_ids: np.ndarray, default: np.ndarray, fold_count: int) -> np.ndarray:
    """Fold of each client, from 0 to ``fold_count - 1``: stratified by class, assigned by a hash of the number.

    Within each class the clients are assigned in turn, in the order of a hash of their number, so row order and
    library versions cannot change the map.

    Args:
        client_ids: (n,) client numbers.
        default: (n,) 1 for a default, 0 otherwise.

    Raises:
        TrainingError: a class has fewer clients than folds.
    """
    folds = np.empty(len(client_ids), dtype=np.int8)
    # The first multiplication alone chooses the buckets; the second makes folds independent of them.
    hashed = client_ids.astype(np.uint64) * HASH_MULTIPLIER % HASH_RANGE
    order_key = (hashed ^ (hashed >> np.uint64(15))) * HASH_MULTIPLIER % HASH_RANGE
    for target in (0, 1):
        members = np.flatnonzero(default == target)
        if len(members) < fold_count:
            raise TrainingError(
                f"Only {len(members)} clients have TARGET {target}, too few for {fold_count} folds.",
                "Give more applications, or lower CREDIT_TRAINING_FOLD_COUNT.",
            )
        ordered = members[np.lexsort((client_ids[members], order_key[members]))]
        folds[ordered] = np.arange(len(ordered)) % fold_count
    return folds
