"""Opens the baseline of a comparison: the stored distributions of a model's training, or a published version."""

from dataclasses import replace

import numpy as np
import polars as pl

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.drift_detection.comparison import Baseline, Sample, TrainingClients
from credit_scoring.drift_detection.current_applications import applications_of_version
from credit_scoring.feature_store.offline import FeatureVersion, feature_matrix, files_of_version, read_part, versions
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer
from credit_scoring.scoring.artefact_names import OUT_OF_FOLD_FILE
from credit_scoring.scoring.training_distribution import load_reference, reference_of


def baseline_of_model(registered: RegisteredScorer) -> Baseline:
    """The distributions at the training of a model.

    Raises:
        StorageError: the model version has none.
    """
    if registered.folder is None:
        raise StorageError(
            f"{registered.name} version {registered.version} has no files with its training distribution.",
            "Compare with a published feature version: --reference version:NUMBER.",
        )
    figures = registered.scorer.description.metrics
    return Baseline(
        f"model version {registered.version}",
        registered,
        load_reference(registered.folder),
        clients=round(figures["clients"]),
        accepted=figures["acceptance_rate"] * figures["clients"],
        accepted_defaults=figures["accepted_defaults"],
    )


def baseline_of_version(settings: Settings, version: FeatureVersion, registered: RegisteredScorer) -> Baseline:
    """The distributions of the training clients of a published version, scored by a model.

    Raises:
        MissingArtefactError: the version lacks features of the model, or has no applications.
    """
    names = registered.scorer.description.feature_names
    sample = applications_of_version(settings, version, registered, known=True)
    if sample is None:
        raise MissingArtefactError(f"Feature version {version.number} has no applications.", "Choose another version.")
    sample = _out_of_fold_where_trained(settings, version, registered, sample)
    outcomes = sample.default[~sample.refused]
    return Baseline(
        sample.name,
        registered,
        reference_of(sample.features, names, sample.probability),
        clients=len(sample),
        accepted=len(outcomes),
        accepted_defaults=float(np.nansum(outcomes)) if sample.has_outcome.any() else np.nan,
    )


def _out_of_fold_where_trained(
    settings: Settings, version: FeatureVersion, registered: RegisteredScorer, sample: Sample
) -> Sample:
    """A model is too sure of the clients that it was trained on: their probabilities are those out of fold."""
    description = registered.scorer.description
    if version.fingerprint != description.feature_fingerprint:
        return sample
    clients = pl.DataFrame({CLIENT: sample.client.astype(np.int32), "fitted": sample.probability})
    joined = clients.join(_out_of_fold(settings, registered), on=CLIENT, how="left", maintain_order="left")
    probability = joined.select(pl.coalesce("probability", "fitted")).to_series().to_numpy()
    return replace(sample, probability=probability, refused=np.asarray(probability >= description.threshold))


def clients_of_model(settings: Settings, registered: RegisteredScorer, maximum: int) -> TrainingClients | None:
    """A fixed random sample of the clients that a model was trained on, close to `maximum` in number.

    None if the feature store no longer holds that version.
    """
    description = registered.scorer.description
    known = {one.number: one for one in versions(Storage.of(settings).offline_features())}
    version = known.get(description.feature_version)
    if version is None or version.fingerprint != description.feature_fingerprint:
        return None
    rows = _sampled(settings, version, maximum)
    rows = rows.join(_out_of_fold(settings, registered), on=CLIENT, how="left", maintain_order="left")
    features = feature_matrix(rows, description.feature_names)
    return _clients(registered, rows, features, rows["probability"].fill_null(np.nan).to_numpy())


def clients_of_version(
    settings: Settings, version: FeatureVersion, registered: RegisteredScorer, maximum: int
) -> TrainingClients | None:
    """The same of the training clients of a published version, with the probabilities of the model."""
    if version.fingerprint == registered.scorer.description.feature_fingerprint:
        return clients_of_model(settings, registered, maximum)
    rows = _sampled(settings, version, maximum)
    features = feature_matrix(rows, registered.scorer.description.feature_names)
    return _clients(registered, rows, features, registered.scorer.probability(features))


def _sampled(settings: Settings, version: FeatureVersion, maximum: int) -> pl.DataFrame:
    files = files_of_version(Storage.of(settings).offline_features(), version.number)
    parts = []
    random = np.random.default_rng(0)
    for path in files:
        frame = read_part(path).filter(pl.col("TARGET").is_not_null())
        count = min(frame.height, -(-maximum // len(files)))
        parts.append(frame[np.sort(random.choice(frame.height, count, replace=False))])
    return pl.concat(parts)


def _clients(
    registered: RegisteredScorer, rows: pl.DataFrame, features: np.ndarray, probability: np.ndarray
) -> TrainingClients | None:
    names, default = registered.scorer.description.feature_names, rows["TARGET"].cast(pl.Float64).to_numpy()
    clients = rows[CLIENT].to_numpy()
    return TrainingClients(names, features, default, clients, probability) if rows.height else None


def _out_of_fold(settings: Settings, registered: RegisteredScorer) -> pl.DataFrame:
    """Probabilities by client; no row if the run of the model keeps none."""
    registry = ModelRegistry(settings)
    path = registry.artefact(registry.summary(str(registered.version)).run_id, OUT_OF_FOLD_FILE)
    if path is None:
        return pl.DataFrame(schema={CLIENT: pl.Int32, "probability": pl.Float64})
    return pl.read_parquet(path, columns=[CLIENT, "probability"], glob=False)
