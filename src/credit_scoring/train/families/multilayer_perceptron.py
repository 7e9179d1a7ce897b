"""Multilayer perceptrons: some small networks with early stopping, averaged; a single one depends on its seed."""

import numpy as np
from sklearn.neural_network import MLPClassifier

from credit_scoring.scoring.models.multilayer_perceptron import Layers, MultilayerPerceptronModel
from credit_scoring.train.families.family import Budget, Candidate, Parameters, TrainingRows
from credit_scoring.train.preparation import fit_preparation

_QUICK: Parameters = {"networks": 2, "units": 32, "alpha": 3.0, "learning_rate_init": 0.001, "max_iter": 25}
_FULL: Parameters = {"networks": 2, "units": 64, "alpha": 1.0, "learning_rate_init": 0.0005, "max_iter": 8}


def fit(rows: TrainingRows, parameters: Parameters) -> MultilayerPerceptronModel:
    """Networks of one hidden layer, fitted by Adam on float32."""
    chosen = dict(parameters)
    networks, units = int(chosen.pop("networks")), int(chosen.pop("units"))
    preparation = fit_preparation(rows.features, rows.names)
    design = preparation.design(rows.features)
    fitted = [
        MLPClassifier(
            (units,),
            batch_size=min(256, len(design)),
            early_stopping=True,
            n_iter_no_change=3,
            random_state=seed,
            **chosen,
        ).fit(design, rows.default, sample_weight=rows.weight)
        for seed in range(networks)
    ]
    return MultilayerPerceptronModel(preparation, tuple(_layers(one) for one in fitted), len(rows.names))


def _layers(fitted: MLPClassifier) -> Layers:
    return tuple(
        (weights.astype(np.float32), biases.astype(np.float32))
        for weights, biases in zip(fitted.coefs_, fitted.intercepts_, strict=True)
    )


CANDIDATE = Candidate(
    family="multilayer_perceptron",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 20_000, Budget.FULL: 80_000},
    is_explainable=False,
)
