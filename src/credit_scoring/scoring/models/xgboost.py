"""XGBoost: gradient-boosted trees in the library's own binary JSON."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import xgboost as xgb

from credit_scoring.scoring.models.model import share_of_total

MODEL_FILE = "model.ubj"


@dataclass(frozen=True)
class XGBoostModel:
    """An XGBoost booster."""

    booster: xgb.Booster
    family = "xgboost"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values and the base score."""
        margin = self.booster.inplace_predict(features, predict_type="margin", validate_features=False)
        return np.asarray(margin, dtype=np.float64)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees; the library gives them as float32."""
        shap = self.booster.predict(xgb.DMatrix(features), pred_contribs=True, validate_features=False)
        return np.asarray(shap, dtype=np.float64)

    def importance(self) -> np.ndarray:
        """Share of the reduction of the training loss."""
        gain = self.booster.get_score(importance_type="total_gain")
        names = self.booster.feature_names or [f"f{place}" for place in range(self.booster.num_features())]
        return share_of_total(np.array([gain.get(name, 0.0) for name in names]))

    def save(self, folder: Path) -> None:
        """Write model.ubj."""
        self.booster.save_model(folder / MODEL_FILE)

    @classmethod
    def load(cls, folder: Path) -> "XGBoostModel":
        """Read model.ubj."""
        return cls(xgb.Booster(model_file=folder / MODEL_FILE))
