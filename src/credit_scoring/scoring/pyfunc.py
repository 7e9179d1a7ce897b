"""A Scorer's folder as MLflow's generic Python model, for `mlflow models serve`."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from credit_scoring.scoring.scorer import Scorer, load_scorer

if TYPE_CHECKING:
    import pandas as pd


class PythonModel:
    """The object MLflow calls; it is never pickled."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer

    def predict(self, model_input: "pd.DataFrame", params: dict[str, object] | None = None) -> "pd.DataFrame":
        """Columns probability and decision, one row per row of features; a null feature is missing."""
        import pandas as pd

        names = list(self._scorer.description.feature_names)
        features = np.ascontiguousarray(model_input[names].to_numpy(dtype=np.float32))
        probability = self._scorer.probability(features)
        decisions = [self._scorer.decision_for(value).value for value in probability]
        return pd.DataFrame({"probability": probability, "decision": decisions})


def _load_pyfunc(path: str) -> PythonModel:
    """Entry point whose name MLflow prescribes: the model of a Scorer's folder."""
    return PythonModel(load_scorer(Path(path)))
