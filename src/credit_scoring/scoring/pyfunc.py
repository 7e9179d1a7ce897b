"""A Scorer's folder as MLflow's generic Python model, for `mlflow models serve`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from credit_scoring.scoring.scorer import Scorer, load_scorer

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class PythonModel:
    """The object MLflow calls; it is never pickled."""

    scorer: Scorer

    def predict(self, model_input: "pd.DataFrame", params: dict[str, object] | None = None) -> "pd.DataFrame":
        """Columns probability and decision, one row per row of features; a null feature is missing."""
        import pandas as pd

        names = list(self.scorer.description.feature_names)
        features = np.ascontiguousarray(model_input[names].to_numpy(dtype=np.float32))
        probability = self.scorer.probability(features)
        decisions = [self.scorer.decision_for(value).value for value in probability]
        return pd.DataFrame({"probability": probability, "decision": decisions})


def _load_pyfunc(path: str) -> PythonModel:
    """Entry point whose name MLflow prescribes: the model of a Scorer's folder."""
    return PythonModel(load_scorer(Path(path)))
