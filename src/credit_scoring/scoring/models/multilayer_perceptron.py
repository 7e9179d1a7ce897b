"""Multilayer perceptrons: some small networks with early stopping, averaged; a single one depends on its seed."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import skops.io
from sklearn.neural_network import MLPClassifier

from credit_scoring.scoring.design_matrix import Preparation, by_rows, fit_preparation, sum_by_source
from credit_scoring.scoring.model_family import (
    TRAINING_SEED,
    Budget,
    Model,
    ModelFamily,
    Parameters,
    TrainingRows,
    log_odds,
    shares,
)

NETWORKS_FILE = "networks.skops"

_TRUSTED_TYPES = ["sklearn.neural_network._stochastic_optimizers.AdamOptimizer"]
_QUICK: Parameters = {"networks": 2, "units": 32, "alpha": 3.0, "learning_rate_init": 0.001, "max_iter": 25}
_FULL: Parameters = {"networks": 2, "units": 64, "alpha": 1.0, "learning_rate_init": 0.0005, "max_iter": 8}


@dataclass(frozen=True)
class MultilayerPerceptronModel(Model):
    """The mean log-odds of scikit-learn networks on prepared features, which has no exact decomposition."""

    preparation: Preparation
    networks: list[MLPClassifier]
    feature_count: int
    family = "multilayer_perceptron"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Mean of the networks' log-odds."""
        return by_rows(features, self._margin)

    def _margin(self, rows: np.ndarray) -> np.ndarray:
        design = self.preparation.design(rows)
        return np.asarray(np.mean([log_odds(each.predict_proba(design)[:, 1]) for each in self.networks], axis=0))

    def importance(self) -> np.ndarray:
        """Share of the absolute weights that lead away from a feature."""
        amounts = np.sum([np.abs(each.coefs_[0]).sum(axis=1, dtype=np.float64) for each in self.networks], axis=0)
        return shares(sum_by_source(amounts[np.newaxis], self.preparation.sources, self.feature_count)[0])

    def save(self, folder: Path) -> None:
        """Write model.npz, the preparation, and networks.skops."""
        self.preparation.save(folder, feature_count=self.feature_count)
        skops.io.dump(self.networks, folder / NETWORKS_FILE)


def load(folder: Path) -> MultilayerPerceptronModel:
    """Read model.npz and networks.skops."""
    preparation, arrays = Preparation.load(folder)
    networks = skops.io.load(folder / NETWORKS_FILE, trusted=_TRUSTED_TYPES)
    return MultilayerPerceptronModel(preparation, networks, int(arrays["feature_count"]))


def fit(rows: TrainingRows, parameters: Parameters) -> MultilayerPerceptronModel:
    """Networks of one hidden layer, fitted by Adam on float32."""
    chosen = dict(parameters)
    networks, units = int(chosen.pop("networks")), int(chosen.pop("units"))
    preparation = fit_preparation(rows)
    design = preparation.design(rows.features)
    fitted = [
        MLPClassifier(
            (units,),
            batch_size=min(256, len(design)),
            early_stopping=True,
            n_iter_no_change=3,
            random_state=TRAINING_SEED + number,
            **chosen,
        ).fit(design, rows.default, sample_weight=rows.weight)
        for number in range(networks)
    ]
    return MultilayerPerceptronModel(preparation, fitted, len(rows.names))


FAMILY = ModelFamily(
    name="multilayer_perceptron",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 20_000, Budget.FULL: 80_000},
    libraries=("sklearn",),
    is_explainable=False,
    is_served=False,
    has_class_weight=False,
)
