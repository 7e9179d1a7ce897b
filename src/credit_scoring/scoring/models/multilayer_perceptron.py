"""Multilayer perceptrons on prepared features, as arrays and matrix products."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.scoring.models.arrays import load_arrays, save_arrays
from credit_scoring.scoring.models.model import no_contributions, share_of_total
from credit_scoring.scoring.models.preparation import Preparation, by_rows, sum_by_source

_BLOCK = 64
"""Rows of one matrix product, filled up with zeros, so that a row gives the same bits alone and among others."""

Layers = tuple[tuple[np.ndarray, np.ndarray], ...]


@dataclass(frozen=True)
class MultilayerPerceptronModel:
    """The mean log-odds of networks with rectified linear units.

    Attributes:
        networks: of each network, weights (inputs, units) and biases (units,) of its layers.
    """

    preparation: Preparation
    networks: tuple[Layers, ...]
    feature_count: int
    family = "multilayer_perceptron"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Mean of the networks' outputs."""
        return by_rows(features, self._margin_of_rows)

    def _margin_of_rows(self, rows: np.ndarray) -> np.ndarray:
        design = self.preparation.design(rows)
        blocks = [
            self._margin_of_block(design[start : start + _BLOCK]) for start in range(0, len(rows), _BLOCK)
        ]
        return np.concatenate(blocks) if blocks else np.empty(0)

    def _margin_of_block(self, design: np.ndarray) -> np.ndarray:
        filled = np.zeros((_BLOCK, design.shape[1]), dtype=np.float32)
        filled[: len(design)] = design
        outputs = [self._output(network, filled)[: len(design)] for network in self.networks]
        return np.asarray(np.mean(outputs, axis=0, dtype=np.float64))

    @staticmethod
    def _output(network: Layers, design: np.ndarray) -> np.ndarray:
        *hidden, (weights, biases) = network
        for hidden_weights, hidden_biases in hidden:
            design = np.maximum(design @ hidden_weights + hidden_biases, 0.0)
        output: np.ndarray = (design @ weights + biases)[:, 0]
        return output

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """A network has no exact decomposition."""
        raise no_contributions(self.family)

    def importance(self) -> np.ndarray:
        """Share of the absolute weights that lead away from a feature."""
        amounts = sum(np.abs(network[0][0]).sum(axis=1, dtype=np.float64) for network in self.networks)
        by_feature = sum_by_source(
            np.asarray(amounts)[np.newaxis], self.preparation.sources, self.feature_count
        )
        return share_of_total(by_feature[0])

    def save(self, folder: Path) -> None:
        """Write model.npz."""
        arrays = {"feature_count": np.asarray(self.feature_count)}
        for number, network in enumerate(self.networks):
            for depth, (weights, biases) in enumerate(network):
                arrays |= {f"weights_{number}_{depth}": weights, f"biases_{number}_{depth}": biases}
        save_arrays(folder, self.preparation.arrays() | arrays)

    @classmethod
    def load(cls, folder: Path) -> "MultilayerPerceptronModel":
        """Read model.npz."""
        arrays = load_arrays(folder)
        networks: list[list[tuple[np.ndarray, np.ndarray]]] = []
        while f"weights_{len(networks)}_0" in arrays:
            number, layers = len(networks), list[tuple[np.ndarray, np.ndarray]]()
            while f"weights_{number}_{len(layers)}" in arrays:
                key = f"{number}_{len(layers)}"
                layers.append((arrays[f"weights_{key}"], arrays[f"biases_{key}"]))
            networks.append(layers)
        return cls(
            preparation=Preparation.of_arrays(arrays),
            networks=tuple(tuple(layers) for layers in networks),
            feature_count=int(arrays["feature_count"]),
        )
