"""LightGBM: gradient-boosted trees in the library's own text format."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from credit_scoring.scoring.models.lightgbm_library import SavedBooster
from credit_scoring.scoring.models.model import share_of_total

if TYPE_CHECKING:
    import lightgbm as lgb

MODEL_FILE = "model.txt"

_FEW_ROWS = 32


@dataclass(frozen=True)
class LightGBMModel:
    """A LightGBM booster, as it was trained or as it was saved."""

    booster: "lgb.Booster | SavedBooster"
    family = "lightgbm"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the trees' leaf values."""
        margin: np.ndarray = self.booster.predict(features, raw_score=True, num_threads=_threads(features))
        return margin

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """SHAP values, exact for trees (Lundberg et al., "Consistent individualized feature attribution", 2018)."""
        shap: np.ndarray = self.booster.predict(features, pred_contrib=True, num_threads=_threads(features))
        return shap

    def importance(self) -> np.ndarray:
        """Share of the reduction of the training loss."""
        return share_of_total(self.booster.feature_importance("gain"))

    def save(self, folder: Path) -> None:
        """Write model.txt."""
        self.booster.save_model(folder / MODEL_FILE)

    @classmethod
    def load(cls, folder: Path) -> "LightGBMModel":
        """Read model.txt."""
        return cls(SavedBooster((folder / MODEL_FILE).read_text()))


def _threads(features: np.ndarray) -> int:
    # Several cost milliseconds of waiting for each other on a few rows; 0 takes all there are.
    return 1 if len(features) <= _FEW_ROWS else 0
