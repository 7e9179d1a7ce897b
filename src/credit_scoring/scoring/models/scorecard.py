"""A scorecard: each attribute of an applicant earns points, and the points add up."""

from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict

from credit_scoring.scoring.models.model import share_of_total

MODEL_FILE = "model.json"
POINTS_TO_DOUBLE_THE_ODDS = 20.0
"""As many points more, and the odds of repaying double: the usual scale of scorecards (N. Siddiqi, 2006)."""
POINTS_AT_EVEN_ODDS = 500.0


class Characteristic(BaseModel):
    """One feature of the scorecard and what each of its attributes says.

    Attributes:
        place: place of the feature among the inputs.
        edges: upper bounds of all numeric attributes but the last; a value equal to an edge lies below it.
        evidence: weight of evidence of each attribute, the one of a missing value last:
            log(share of defaults in it / share of good clients in it).
        weight: log-odds per unit of evidence.
        average: mean evidence over the training rows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    place: int
    edges: tuple[float, ...]
    evidence: tuple[float, ...]
    weight: float
    average: float

    def evidence_of(self, values: np.ndarray) -> np.ndarray:
        """Weight of evidence (n,) of float32 values (n,)."""
        attribute = np.searchsorted(np.array(self.edges), values.astype(np.float64), side="left")
        attribute[np.isnan(values)] = len(self.evidence) - 1
        found: np.ndarray = np.array(self.evidence)[attribute]
        return found


class _Card(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    intercept: float
    feature_count: int
    characteristics: tuple[Characteristic, ...]


@dataclass(frozen=True)
class ScorecardModel:
    """Characteristics whose weighted evidence adds up to the log-odds of default."""

    characteristics: tuple[Characteristic, ...]
    intercept: float
    feature_count: int
    family = "scorecard"

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the weighted evidence and the intercept."""
        margin: np.ndarray = self._terms(features).sum(axis=1) + self.intercept
        return margin

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds compared with the average training row; exact, the model is a sum."""
        averages = np.array([each.weight * each.average for each in self.characteristics])
        contributions = np.zeros((len(features), self.feature_count + 1))
        places = [each.place for each in self.characteristics]
        contributions[:, places] = self._terms(features) - averages
        contributions[:, -1] = self.intercept + averages.sum()
        return contributions

    def importance(self) -> np.ndarray:
        """Share of the spread of points between a characteristic's best and worst attribute."""
        spread = np.zeros(self.feature_count)
        for each in self.characteristics:
            spread[each.place] = abs(each.weight) * (max(each.evidence) - min(each.evidence))
        return share_of_total(spread)

    def points(self) -> list[tuple[str, str, int]]:
        """The card itself: characteristic, attribute and points, more points for less risk.

        The points of a client's attributes sum to POINTS_AT_EVEN_ODDS at even odds, up to rounding.
        """
        factor = POINTS_TO_DOUBLE_THE_ODDS / log(2)
        share = (POINTS_AT_EVEN_ODDS - factor * self.intercept) / max(len(self.characteristics), 1)
        card = []
        for each in self.characteristics:
            for label, evidence in zip(_labels(each.edges), each.evidence, strict=True):
                card.append((each.name, label, round(share - factor * each.weight * evidence)))
        return card

    def _terms(self, features: np.ndarray) -> np.ndarray:
        terms = np.empty((len(features), len(self.characteristics)))
        for column, each in enumerate(self.characteristics):
            terms[:, column] = each.weight * each.evidence_of(features[:, each.place])
        return terms

    def save(self, folder: Path) -> None:
        """Write model.json."""
        card = _Card(
            intercept=self.intercept, feature_count=self.feature_count, characteristics=self.characteristics
        )
        (folder / MODEL_FILE).write_text(card.model_dump_json(indent=1))

    @classmethod
    def load(cls, folder: Path) -> "ScorecardModel":
        """Read model.json."""
        card = _Card.model_validate_json((folder / MODEL_FILE).read_bytes())
        return cls(card.characteristics, card.intercept, card.feature_count)


def _labels(edges: tuple[float, ...]) -> list[str]:
    if not edges:
        return ["any value", "missing"]
    between = [f"{low:g} < x <= {high:g}" for low, high in zip(edges, edges[1:], strict=False)]
    return [f"x <= {edges[0]:g}", *between, f"x > {edges[-1]:g}", "missing"]
