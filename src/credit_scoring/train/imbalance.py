"""Treatments of class imbalance before a model is fitted."""

from enum import StrEnum

import numpy as np
from imblearn.over_sampling import SMOTE

from credit_scoring.scoring.model_family import TRAINING_SEED, Parameters, TrainingRows

_SHARE_AFTER_SMOTE = 0.5
"""Defaults per good client once synthetic defaults are added."""


class Imbalance(StrEnum):
    """Ways to treat the rarer class."""

    NONE = "none"
    CLASS_WEIGHT = "class_weight"
    SCALE_POS_WEIGHT = "scale_pos_weight"
    SMOTE = "smote"


def rebalance(rows: TrainingRows, imbalance: Imbalance) -> TrainingRows:
    """The rows a model is fitted on: unchanged, weighted, or with synthetic defaults added.

    Class weights are those of scikit-learn's ``class_weight="balanced"``, as weights of the rows. The boosted trees'
    own ``scale_pos_weight`` is a parameter (`treatment_parameters`) and leaves the rows as they are.

    SMOTE (Chawla et al., 2002) draws new defaults between neighbouring ones. It supports no missing values, so these
    are first replaced by medians of the given rows; distances are measured on standardised values.
    """
    if imbalance in {Imbalance.NONE, Imbalance.SCALE_POS_WEIGHT}:
        return rows
    if imbalance is Imbalance.CLASS_WEIGHT:
        good, bad = np.count_nonzero(rows.default == 0), np.count_nonzero(rows.default == 1)
        # Both classes weigh the same in total, and all rows together as much as before.
        by_class = np.array([len(rows.default) / (2 * good), len(rows.default) / (2 * bad)])
        return rows._replace(weight=by_class[rows.default])
    return _with_synthetic_defaults(rows)


def treatment_parameters(rows: TrainingRows, imbalance: Imbalance) -> Parameters:
    """What a treatment adds to the parameters of a family: how many good clients there are per default."""
    if imbalance is not Imbalance.SCALE_POS_WEIGHT:
        return {}
    defaults = int(np.count_nonzero(rows.default == 1))
    return {Imbalance.SCALE_POS_WEIGHT.value: (len(rows.default) - defaults) / max(defaults, 1)}


def _with_synthetic_defaults(rows: TrainingRows) -> TrainingRows:
    defaults = int(np.count_nonzero(rows.default == 1))
    added = int(_SHARE_AFTER_SMOTE * (len(rows.default) - defaults)) - defaults
    if added < 1 or defaults < 2:
        return rows
    with np.errstate(all="ignore"):
        known = np.isfinite(rows.features).any(axis=0)
        medians = np.zeros(rows.features.shape[1], dtype=np.float32)
        medians[known] = np.nanmedian(rows.features[:, known], axis=0)
    filled = np.where(np.isnan(rows.features), medians, rows.features)
    centre, spread = filled.mean(axis=0), filled.std(axis=0)
    spread[spread == 0] = 1.0
    sampler = SMOTE(sampling_strategy=_SHARE_AFTER_SMOTE, k_neighbors=min(5, defaults - 1), random_state=TRAINING_SEED)
    drawn, default = sampler.fit_resample((filled - centre) / spread, rows.default)
    features = (drawn * spread + centre).astype(np.float32)
    # Standardising back and forth rounds; real clients keep their own values.
    features[: len(filled)] = filled
    return rows._replace(features=features, default=default)
