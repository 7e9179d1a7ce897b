"""The applications on which a Scorer is explained: if possible each by the model of the fold it was left out of."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.scoring.artefact_names import FOLD_MODELS, OUT_OF_FOLD_FILE, SCORER_FOLDER, TRAIN_STEP
from credit_scoring.scoring.model_family import Model
from credit_scoring.scoring.models import load_model
from credit_scoring.scoring.scorer import Scorer, load_description

MAX_ROWS = 10_000


class HeldOutRows(NamedTuple):
    """Rows with the contributions of a model that was not fitted on them.

    Attributes:
        client_ids: (n,) SK_ID_CURR.
        default: (n,) 1 for a default, 0 for none; NaN where the outcome is unknown.
        features: float32 (n, features).
        contributions: (n, features) in log-odds before calibration.
        base: (n,) average output of the model; with the contributions it sums to the margin.
        model_of: (n,) index in ``models`` of the one that explains the row.
        models: the models of the folds, or the registered one alone.
    """

    client_ids: np.ndarray
    default: np.ndarray
    features: np.ndarray
    contributions: np.ndarray
    base: np.ndarray
    model_of: np.ndarray
    models: tuple[Model, ...]

    @property
    def margins(self) -> np.ndarray:
        """Log-odds (n,) of the models."""
        margins: np.ndarray = self.contributions.sum(axis=1) + self.base
        return margins


class Portfolio(NamedTuple):
    """Explained applications and their decisions.

    Attributes:
        probability: (n,) calibrated probability of default.
        accepted: (n,) bool, the decisions at the Scorer's threshold.
        drawn_from: number of applications that the rows were drawn from.
        which: description of these applications for the report.
        outcome_known: whether all of `rows.default` are known.
        held_out: whether each was explained by a model of the training that was not fitted on it.
    """

    rows: HeldOutRows
    probability: np.ndarray
    accepted: np.ndarray
    drawn_from: int
    which: str
    outcome_known: bool
    held_out: bool


def training_folder(storage: Storage, scorer: Scorer) -> Path | None:
    """Result folder of the training that made this Scorer; None if another training ran since."""
    try:
        folder = storage.current(TRAIN_STEP)
    except MissingArtefactError:
        return None
    trained = load_description(folder / SCORER_FOLDER).model_hash
    return folder if trained == scorer.description.model_hash else None


def portfolio_of(storage: Storage, scorer: Scorer, version: int, training: Path | None) -> Portfolio:
    """Explain applications of a feature version.

    Clients of the training are explained by the model of the fold they were left out of. If another training has
    replaced these models, the Scorer itself explains applications without outcome.

    Args:
        version: number of the feature version.
        training: result of `training_folder`.

    Raises:
        UnexplainableModelError: the model's family has no exact contributions.
    """
    frame = read_version(storage.offline_features(), version)
    if training is not None and version == scorer.description.feature_version:
        known = pl.read_parquet(training / OUT_OF_FOLD_FILE, columns=[CLIENT, "fold"], glob=False)
        chosen = known[sample_rows(known.height, MAX_ROWS)].join(frame, on=CLIENT, how="inner", maintain_order="left")
        folders = sorted((training / FOLD_MODELS).iterdir(), key=lambda path: int(path.name))
        models = [load_model(scorer.description.family, folder) for folder in folders]
        which = "training applications, each explained by a model that never saw it"
        portfolio = _explained(scorer, chosen, chosen["fold"].to_numpy(), models, known.height, which)
        return portfolio._replace(held_out=True)
    unseen = frame.filter(pl.col("TARGET").is_null())
    source = unseen if unseen.height else frame
    which = "applications the model never saw" if unseen.height else "training applications, for lack of others"
    chosen = source[sample_rows(source.height, MAX_ROWS)]
    return _explained(scorer, chosen, np.zeros(chosen.height, np.intp), [scorer.model], source.height, which)


def example_cases(portfolio: Portfolio) -> list[int]:
    """Row of an application with the median probability of its kind, for each kind that occurs.

    With known outcomes these are a refused client who defaulted and an accepted one who paid; otherwise a refused and
    an accepted one.
    """
    refused, accepted = ~portfolio.accepted, portfolio.accepted
    if portfolio.outcome_known:
        refused, accepted = refused & (portfolio.rows.default == 1), accepted & (portfolio.rows.default == 0)
    cases = []
    for members in (refused, accepted):
        rows = np.flatnonzero(members)
        if rows.size:
            ranked = rows[np.argsort(portfolio.probability[rows], kind="stable")]
            cases.append(int(ranked[len(ranked) // 2]))
    return cases


def _explained(
    scorer: Scorer, chosen: pl.DataFrame, model_of: np.ndarray, models: Sequence[Model], drawn_from: int, which: str
) -> Portfolio:
    rows = explain_held_out(
        chosen[CLIENT].to_numpy(),
        chosen["TARGET"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        feature_matrix(chosen, scorer.description.feature_names),
        model_of,
        models,
    )
    probability = scorer.description.calibration.probability(rows.margins)
    return Portfolio(
        rows=rows,
        probability=probability,
        accepted=probability < scorer.description.threshold,
        drawn_from=drawn_from,
        which=which,
        outcome_known=bool(np.isfinite(rows.default).all()),
        held_out=False,
    )


def explain_held_out(
    client_ids: np.ndarray, default: np.ndarray, features: np.ndarray, model_of: np.ndarray, models: Sequence[Model]
) -> HeldOutRows:
    """Contributions of every feature to every row, by the row's own model.

    Args:
        client_ids, default, model_of: (n,), as in the result.
        features: float32 (n, features).

    Raises:
        UnexplainableModelError: the models' family has no exact contributions.
    """
    explained = np.empty((len(features), features.shape[1] + 1))
    for index in np.unique(model_of):
        own = model_of == index
        explained[own] = models[index].contributions(features[own])
    return HeldOutRows(client_ids, default, features, explained[:, :-1], explained[:, -1], model_of, tuple(models))


def sample_rows(rows: int, maximum: int) -> np.ndarray:
    """Indices (k,) of a fixed random sample of at most ``maximum`` rows, in ascending order."""
    if rows <= maximum:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, maximum, replace=False))
