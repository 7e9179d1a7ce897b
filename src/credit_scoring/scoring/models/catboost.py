"""CatBoost: symmetric gradient-boosted trees in the library's own binary format."""

from dataclasses import dataclass
from pathlib import Path

import catboost
import numpy as np

from credit_scoring.scoring.models.model import share_of_total

MODEL_FILE = "model.cbm"


@dataclass(frozen=True)
class CatBoostModel:
    """A CatBoost model on numeric features."""

    booster: catboost.CatBoost
    family = "catboost"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values and the bias."""
        threads = 1 if len(features) == 1 else -1
        margin = self.booster.predict(features, prediction_type="RawFormulaVal", thread_count=threads)
        return np.asarray(margin, dtype=np.float64)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees."""
        shap = self.booster.get_feature_importance(catboost.Pool(features), type="ShapValues")
        return np.asarray(shap, dtype=np.float64)

    def importance(self) -> np.ndarray:
        """Share of the change of predictions (CatBoost keeps no gain)."""
        changes = self.booster.get_feature_importance(type="PredictionValuesChange")
        return share_of_total(np.asarray(changes, dtype=np.float64))

    def save(self, folder: Path) -> None:
        """Write model.cbm."""
        self.booster.save_model(str(folder / MODEL_FILE))

    @classmethod
    def load(cls, folder: Path) -> "CatBoostModel":
        """Read model.cbm."""
        return cls(catboost.CatBoost().load_model(str(folder / MODEL_FILE)))
