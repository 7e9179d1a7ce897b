"""Scorecard: some strong characteristics in a few attributes each, weight of evidence, logistic regression."""

from pathlib import Path
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, Field

from credit_scoring.scoring.model_family import Budget, ModelFamily, Parameters, TrainingRows, Trial, shares

MODEL_FILE = "model.json"

_QUICK: Parameters = {"characteristics": 30, "attributes": 6, "maximum_correlation": 0.7, "C": 0.1}
_FULL: Parameters = {"characteristics": 40, "attributes": 8, "maximum_correlation": 0.7, "C": 1.0}
_SMOOTHING = 5.0
"""Clients of average risk added to each attribute, so that the evidence of a small one is damped."""


class Characteristic(BaseModel, frozen=True, extra="forbid", populate_by_name=True):
    """One feature of the scorecard and the evidence of each of its attributes.

    Attributes:
        index: position of the feature among the inputs; called `place` in the file.
        edges: upper bounds of all numeric attributes but the last; a value equal to an edge belongs below it.
        evidence: weight of evidence of each attribute, the one of a missing value last:
            log(share of defaults in it / share of good clients in it).
        weight: log-odds per unit of evidence.
        average: mean evidence over the training rows.
    """

    name: str
    index: int = Field(alias="place")
    edges: tuple[float, ...]
    evidence: tuple[float, ...]
    weight: float
    average: float

    def evidence_of(self, values: np.ndarray) -> np.ndarray:
        """Weight of evidence (n,) of float32 values (n,)."""
        attribute = np.searchsorted(np.array(self.edges), values.astype(np.float64), side="left")
        attribute[np.isnan(values)] = len(self.evidence) - 1
        return np.asarray(np.array(self.evidence)[attribute])


class ScorecardModel(BaseModel, frozen=True, extra="forbid"):
    """Characteristics whose weighted evidence adds up to the log-odds of default, saved as JSON."""

    family: ClassVar = "scorecard"
    intercept: float
    feature_count: int
    characteristics: tuple[Characteristic, ...]

    def margin(self, features: np.ndarray) -> np.ndarray:
        """Sum of the weighted evidence and the intercept."""
        return np.asarray(self._terms(features).sum(axis=1) + self.intercept)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """What each feature adds compared with the average training row; exact, because the model is a sum."""
        averages = np.array([each.weight * each.average for each in self.characteristics])
        contributions = np.zeros((len(features), self.feature_count + 1))
        columns = [each.index for each in self.characteristics]
        contributions[:, columns] = self._terms(features) - averages
        contributions[:, -1] = self.intercept + averages.sum()
        return contributions

    def importance(self) -> np.ndarray:
        """Share of the spread of log-odds between a characteristic's best and worst attribute."""
        spread = np.zeros(self.feature_count)
        for each in self.characteristics:
            spread[each.index] = abs(each.weight) * (max(each.evidence) - min(each.evidence))
        return shares(spread)

    def save(self, folder: Path) -> None:
        """Write model.json."""
        (folder / MODEL_FILE).write_text(self.model_dump_json(indent=1, by_alias=True))

    def _terms(self, features: np.ndarray) -> np.ndarray:
        terms = np.empty((len(features), len(self.characteristics)))
        for column, each in enumerate(self.characteristics):
            terms[:, column] = each.weight * each.evidence_of(features[:, each.index])
        return terms


def load(folder: Path) -> ScorecardModel:
    """Read model.json."""
    return ScorecardModel.model_validate_json((folder / MODEL_FILE).read_bytes())


def fit(rows: TrainingRows, parameters: Parameters) -> ScorecardModel:
    """The strongest characteristics by information value that do not repeat each other, with weights on evidence."""
    from sklearn.linear_model import LogisticRegression  # the service has no scikit-learn

    weight = np.ones(len(rows.default)) if rows.weight is None else rows.weight
    found = [
        characteristic
        for index in range(len(rows.names))
        if (characteristic := _characteristic(index, rows, weight, int(parameters["attributes"])))
    ]
    found.sort(key=lambda pair: -pair[1])
    chosen, evidence = _distinct(
        [each for each, _ in found],
        rows.features,
        int(parameters["characteristics"]),
        float(parameters["maximum_correlation"]),
    )
    if not chosen:
        rate = float(np.average(rows.default, weights=weight))
        return ScorecardModel(
            intercept=float(np.log(rate / (1 - rate))), feature_count=len(rows.names), characteristics=()
        )
    fitted = LogisticRegression(C=float(parameters["C"])).fit(evidence, rows.default, sample_weight=rows.weight)
    weighted = tuple(
        each.model_copy(update={"weight": float(coefficient), "average": float(mean)})
        for each, coefficient, mean in zip(chosen, fitted.coef_[0], evidence.mean(axis=0), strict=True)
    )
    return ScorecardModel(
        intercept=float(fitted.intercept_[0]), feature_count=len(rows.names), characteristics=weighted
    )


def _characteristic(
    index: int, rows: TrainingRows, weight: np.ndarray, attributes: int
) -> tuple[Characteristic, float] | None:
    """A feature cut at its quantiles, with its information value; None for one that is always missing."""
    values = rows.features[:, index].astype(np.float64)
    known = values[~np.isnan(values)]
    if not len(known):
        return None
    cuts = np.quantile(known, np.linspace(0, 1, attributes + 1)[1:-1], method="lower")
    edges = np.unique(cuts[cuts < known.max()])
    attribute = np.searchsorted(edges, values, side="left")
    attribute[np.isnan(values)] = len(edges) + 1
    bad = np.bincount(attribute, weight * (rows.default == 1), len(edges) + 2)
    good = np.bincount(attribute, weight * (rows.default == 0), len(edges) + 2)
    rate = bad.sum() / (bad.sum() + good.sum())
    bad_share = (bad + _SMOOTHING * rate) / bad.sum()
    good_share = (good + _SMOOTHING * (1 - rate)) / good.sum()
    evidence = np.log(bad_share / good_share)
    information = float(((bad_share - good_share) * evidence).sum())
    described = Characteristic(
        name=rows.names[index], index=index, edges=tuple(edges), evidence=tuple(evidence), weight=0.0, average=0.0
    )
    return described, information


def _distinct(
    ranked: list[Characteristic], features: np.ndarray, count: int, maximum_correlation: float
) -> tuple[list[Characteristic], np.ndarray]:
    """The first characteristics whose evidence (n, chosen) correlates little with that of any one chosen before."""
    chosen: list[Characteristic] = []
    columns: list[np.ndarray] = []
    standardised = np.empty((count, len(features)), dtype=np.float32)
    for each in ranked:
        if len(chosen) == count:
            break
        evidence = each.evidence_of(features[:, each.index])
        if not evidence.std():
            continue
        standard = (evidence - evidence.mean()) / (evidence.std() * np.sqrt(len(evidence)))
        correlations = np.abs(standardised[: len(chosen)] @ standard.astype(np.float32))
        if len(correlations) and correlations.max() > maximum_correlation:
            continue
        standardised[len(chosen)] = standard
        chosen.append(each)
        columns.append(evidence)
    return chosen, np.column_stack(columns) if columns else np.empty((len(features), 0))


def suggest(trial: Trial) -> Parameters:
    """How many characteristics of how many attributes, how alike they may be, and the penalty."""
    return {
        "characteristics": trial.suggest_int("characteristics", 10, 60),
        "attributes": trial.suggest_int("attributes", 3, 10),
        "maximum_correlation": trial.suggest_float("maximum_correlation", 0.4, 0.9),
        "C": trial.suggest_float("C", 0.01, 10.0, log=True),
    }


FAMILY = ModelFamily(
    name="scorecard",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    maximum_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
    suggest=suggest,
)
