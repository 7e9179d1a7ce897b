"""The MLflow model that wraps a Scorer, so that MLflow can serve it where this package is not installed.

The bundle contains this package's source and the versions of the libraries it needs. MLflow loads it through a
loader module that reads the Scorer's own files, so nothing is pickled.
"""

import warnings
from importlib.metadata import version
from pathlib import Path

import credit_scoring
from credit_scoring.scoring.scorer import load_description

SCORER_IN_BUNDLE = Path("data", "scorer")

_LOADER = "credit_scoring.scoring.pyfunc"
_REQUIRED_TO_LOAD = ("mlflow", "pandas", "pydantic", "pydantic-settings", "sqlalchemy", "structlog")


def write_bundle(scorer_folder: Path, bundle: Path) -> None:
    """Wrap a Scorer's folder, which must be named ``scorer``, into a new folder."""
    # The service installs mlflow-skinny, which lacks what these modules import.
    import mlflow.pyfunc
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    description = load_description(scorer_folder)
    libraries = {name: version(name) for name in _REQUIRED_TO_LOAD} | description.library_versions
    signature = ModelSignature(
        inputs=Schema([ColSpec("float", name) for name in description.feature_names]),
        outputs=Schema([ColSpec("double", "probability"), ColSpec("string", "decision")]),
    )
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*input example was not provided")
        mlflow.pyfunc.save_model(
            bundle,
            loader_module=_LOADER,
            data_path=str(scorer_folder),
            code_paths=[str(Path(credit_scoring.__file__).parent)],
            pip_requirements=[f"{name}=={number}" for name, number in sorted(libraries.items())],
            signature=signature,
        )
