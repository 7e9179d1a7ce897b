"""Finished trainings in MLflow: a run for the training, one below it for each model, and the registered Scorer."""

from pathlib import Path

from credit_scoring.core.manifest import Manifest, fingerprint_of
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.model_registry.experiments import TRAINING, Experiment, FinishedWork
from credit_scoring.model_registry.model_card import tags_of
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring import artefact_names as files
from credit_scoring.scoring.scorer import load_description
from credit_scoring.train.candidates import shared_parameters
from credit_scoring.train.model_runs import WrittenRun, read_runs

_FILES_OF_CHAMPION = (
    files.OUT_OF_FOLD_FILE,
    files.PARAMETERS_FILE,
    files.ABLATION_FILE,
    files.ABLATION_FACTS_FILE,
)


def register(settings: Settings, manifest: Manifest, version: FeatureVersion, is_staged: bool = True) -> Manifest:
    """Track and register the current Scorer, unless an earlier, killed run did; returns the manifest with its version.

    Args:
        version: the features that it was trained on.
        is_staged: whether the alias staging moves to it.

    Raises:
        StorageError: the tracking server does not answer; the next run continues.
    """
    registry = ModelRegistry(settings)
    folder = Storage.of(settings).current(files.TRAIN_STEP)
    identity = fingerprint_of(manifest.fingerprint, folder.name)
    existing = registry.find(identity)
    run_id = str(existing.run_id) if existing is not None else _track(settings, identity, manifest, version, folder)
    number = registry.register(run_id, identity, folder / files.SCORER_FOLDER, is_staged)
    return manifest.model_copy(update={"measures": manifest.measures | {"model_version": number}})


def _track(settings: Settings, identity: str, manifest: Manifest, version: FeatureVersion, folder: Path) -> str:
    """Log a training and its models, the champion's files except the Scorer with the champion; returns its run's id."""
    models = list(read_runs(folder))
    champion = {name: value for name, value in manifest.measures.items() if not isinstance(value, str)}
    own = [path for path in sorted(folder.iterdir()) if path.is_file() and path.name not in _FILES_OF_CHAMPION]
    experiment = Experiment(settings, TRAINING)
    parent = experiment.log(
        FinishedWork(
            identity=identity,
            name=f"training on feature version {version.number}",
            parameters=shared_parameters(settings),
            # Under other names than those of the models, among which it would be ranked.
            metrics={"models": len(models)} | {f"champion_{name}": float(value) for name, value in champion.items()},
            tags={"role": "training", "champion": models[0].content.name},
            files=own,
            folders=[folder / files.PLOTS],
            seconds=manifest.seconds,
            ended_at=manifest.created_at,
            version=version,
        ),
    )

    def track_model(written: WrittenRun) -> str:
        model, is_champion = written.content, written.content.role == "champion"
        further = [folder / name for name in _FILES_OF_CHAMPION if is_champion and (folder / name).exists()]
        work = FinishedWork(
            identity=f"{identity}/{model.name}",
            name=model.name,
            parameters=model.parameters,
            metrics=model.metrics,
            fold_metrics=model.fold_metrics,
            tags={**tags_of(load_description(written.scorer)), "role": model.role, "decision": model.decision},
            files=[written.files, *further],
            folders=[folder / files.FOLD_MODELS] if is_champion else (),
            seconds=model.metrics["training_seconds"],
            ended_at=manifest.created_at,
            parent=parent,
            version=version,
            scorer=written.scorer,
        )
        return experiment.log(work)

    return [track_model(written) for written in models][0]
