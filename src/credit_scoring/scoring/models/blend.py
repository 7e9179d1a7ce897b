"""A blend: a weighted mean of other models' log-odds, so that its contributions stay exact."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.scoring.models.model import Model, load_model

BLEND_FILE = "blend.json"


class _Component(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    weight: float


class _Blend(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    components: tuple[_Component, ...]


@dataclass(frozen=True)
class BlendModel:
    """Models and the weight of each; they read the same features."""

    components: tuple[Model, ...]
    weights: tuple[float, ...]
    family = "blend"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Weighted sum of the components' margins."""
        margins = [weight * model.margin(features) for model, weight in self._weighted()]
        return np.asarray(np.sum(margins, axis=0))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Weighted sum of the components' contributions; exact where theirs are."""
        contributions = [weight * model.contributions(features) for model, weight in self._weighted()]
        return np.asarray(np.sum(contributions, axis=0))

    def importance(self) -> np.ndarray:
        """Weighted mean of the components' importances."""
        shares = [weight * model.importance() for model, weight in self._weighted()]
        return np.asarray(np.sum(shares, axis=0) / sum(self.weights))

    def _weighted(self) -> list[tuple[Model, float]]:
        return list(zip(self.components, self.weights, strict=True))

    def save(self, folder: Path) -> None:
        """Write blend.json and one folder per component."""
        components = tuple(
            _Component(family=model.family, weight=weight) for model, weight in self._weighted()
        )
        (folder / BLEND_FILE).write_text(_Blend(components=components).model_dump_json(indent=1))
        for number, model in enumerate(self.components):
            part = folder / f"component_{number}"
            part.mkdir()
            model.save(part)

    @classmethod
    def load(cls, folder: Path) -> "BlendModel":
        """Read blend.json and the components."""
        blend = _Blend.model_validate_json((folder / BLEND_FILE).read_bytes())
        models = [
            load_model(part.family, folder / f"component_{n}") for n, part in enumerate(blend.components)
        ]
        return cls(tuple(models), tuple(part.weight for part in blend.components))
