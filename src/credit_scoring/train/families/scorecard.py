"""Scorecard: some strong characteristics in a few attributes each, weight of evidence, logistic regression, points."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from credit_scoring.scoring.models.scorecard import Characteristic, ScorecardModel
from credit_scoring.train.families.family import Budget, Candidate, Parameters, TrainingRows

_QUICK: Parameters = {"characteristics": 30, "attributes": 6, "most_correlated": 0.7, "C": 0.1}
_FULL: Parameters = {"characteristics": 40, "attributes": 8, "most_correlated": 0.7, "C": 1.0}
_SMOOTHING = 5.0
"""Clients of average risk added to each attribute, so that a small one does not say too much."""


def fit(rows: TrainingRows, parameters: Parameters) -> ScorecardModel:
    """The strongest characteristics by information value that do not repeat each other, with weights on evidence."""
    weight = np.ones(len(rows.default)) if rows.weight is None else rows.weight
    found = [
        characteristic
        for place, name in enumerate(rows.names)
        if (characteristic := _characteristic(name, place, rows, weight, int(parameters["attributes"])))
    ]
    found.sort(key=lambda pair: -pair[1])
    chosen, evidence = _unlike_each_other(
        [each for each, _ in found],
        rows.features,
        int(parameters["characteristics"]),
        float(parameters["most_correlated"]),
    )
    if not chosen:
        rate = float(np.average(rows.default, weights=weight))
        return ScorecardModel((), float(np.log(rate / (1 - rate))), len(rows.names))
    fitted = LogisticRegression(C=float(parameters["C"])).fit(
        evidence, rows.default, sample_weight=rows.weight
    )
    weighted = tuple(
        each.model_copy(update={"weight": float(coefficient), "average": float(mean)})
        for each, coefficient, mean in zip(chosen, fitted.coef_[0], evidence.mean(axis=0), strict=True)
    )
    return ScorecardModel(weighted, float(fitted.intercept_[0]), len(rows.names))


def _characteristic(
    name: str, place: int, rows: TrainingRows, weight: np.ndarray, attributes: int
) -> tuple[Characteristic, float] | None:
    """A feature cut at its quantiles, with its information value; None for one that says nothing."""
    values = rows.features[:, place].astype(np.float64)
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
        name=name, place=place, edges=tuple(edges), evidence=tuple(evidence), weight=0.0, average=0.0
    )
    return described, information


def _unlike_each_other(
    ranked: list[Characteristic], features: np.ndarray, most: int, most_correlated: float
) -> tuple[list[Characteristic], np.ndarray]:
    """The first characteristics whose evidence (n, chosen) is not much correlated with that of one already chosen."""
    chosen: list[Characteristic] = []
    columns: list[np.ndarray] = []
    standardised = np.empty((most, len(features)), dtype=np.float32)
    for each in ranked:
        if len(chosen) == most:
            break
        evidence = each.evidence_of(features[:, each.place])
        if not evidence.std():
            continue
        standard = (evidence - evidence.mean()) / (evidence.std() * np.sqrt(len(evidence)))
        if (
            chosen
            and np.abs(standardised[: len(chosen)] @ standard.astype(np.float32)).max() > most_correlated
        ):
            continue
        standardised[len(chosen)] = standard
        chosen.append(each)
        columns.append(evidence)
    return chosen, np.column_stack(columns) if columns else np.empty((len(features), 0))


CANDIDATE = Candidate(
    family="scorecard",
    fit=fit,
    parameters={Budget.QUICK: _QUICK, Budget.FULL: _FULL},
    most_rows={Budget.QUICK: 40_000, Budget.FULL: 120_000},
)
