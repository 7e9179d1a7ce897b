"""Random forests as arrays: all trees of all rows go down one level at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.scoring.models.arrays import load_arrays, log_odds, save_arrays
from credit_scoring.scoring.models.model import no_contributions

_CELLS_AT_ONCE = 1_000_000


@dataclass(frozen=True)
class RandomForestModel:
    """The nodes of all trees, one after the other.

    Attributes:
        roots: (trees,) place of each tree's first node.
        feature: (nodes,) feature a node asks about; -1 for a leaf.
        threshold: (nodes,) float64; a row goes left if its value is at most this.
        left, right: (nodes,) places of the children; a leaf is its own child.
        missing_left: (nodes,) whether a row without a value goes left.
        probability: (nodes,) share of defaults, used at the leaves.
        gain: (features,) share of the reduction of impurity.
        depth: levels below the roots.
    """

    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    missing_left: np.ndarray
    probability: np.ndarray
    gain: np.ndarray
    depth: int
    family = "random_forest"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Log-odds of the trees' mean probability."""
        rows_at_once = max(1, _CELLS_AT_ONCE // len(self.roots))
        starts = range(0, len(features), rows_at_once)
        parts = [self._mean_probability(features[start : start + rows_at_once]) for start in starts]
        return log_odds(np.concatenate(parts)) if parts else np.empty(0)

    def _mean_probability(self, rows: np.ndarray) -> np.ndarray:
        node = np.tile(self.roots, (len(rows), 1))
        row = np.arange(len(rows))[:, np.newaxis]
        for _ in range(self.depth):
            value = rows[row, self.feature[node]]
            goes_left = np.where(np.isnan(value), self.missing_left[node], value <= self.threshold[node])
            node = np.where(goes_left, self.left[node], self.right[node])
        mean: np.ndarray = self.probability[node].mean(axis=1)
        return mean

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """A mean of probabilities has no exact decomposition of its log-odds."""
        raise no_contributions(self.family)

    def importance(self) -> np.ndarray:
        """Share of the reduction of impurity."""
        return self.gain

    @classmethod
    def of_trees(cls, trees: Iterable[tuple[np.ndarray, ...]], gain: np.ndarray) -> "RandomForestModel":
        """The forest of trees given as arrays over their nodes, a parent before its children.

        Args:
            trees: of each tree feature, threshold, left, right (-1 at leaves), missing_left and probability.
            gain: (features,) importances.
        """
        columns: list[list[np.ndarray]] = [[] for _ in range(6)]
        roots, start, deepest = [], 0, 0
        for feature, threshold, left, right, missing_left, probability in trees:
            own = np.arange(len(feature))
            is_leaf = left < 0
            depth = np.zeros(len(feature), dtype=np.int64)
            for node in np.flatnonzero(~is_leaf):
                depth[[left[node], right[node]]] = depth[node] + 1
            roots.append(start)
            deepest = max(deepest, int(depth.max()))
            children = (np.where(is_leaf, own, side) + start for side in (left, right))
            parts = (
                np.where(is_leaf, -1, feature),
                threshold,
                *children,
                missing_left.astype(bool),
                probability,
            )
            for column, part in zip(columns, parts, strict=True):
                column.append(part)
            start += len(feature)
        nodes = [np.concatenate(column) for column in columns]
        return cls(
            roots=np.array(roots),
            feature=nodes[0].astype(np.int32),
            threshold=nodes[1],
            left=nodes[2].astype(np.int32),
            right=nodes[3].astype(np.int32),
            missing_left=nodes[4],
            probability=nodes[5],
            gain=gain,
            depth=deepest,
        )

    def save(self, folder: Path) -> None:
        """Write model.npz."""
        arrays = {name: value for name, value in vars(self).items() if isinstance(value, np.ndarray)}
        save_arrays(folder, arrays | {"depth": np.asarray(self.depth)})

    @classmethod
    def load(cls, folder: Path) -> "RandomForestModel":
        """Read model.npz."""
        arrays = load_arrays(folder)
        return cls(depth=int(arrays.pop("depth")), **arrays)
