"""The MLflow model that wraps a Scorer, so that MLflow can serve it where this package is not installed.

The bundle contains this package's source and the versions of the libraries it needs. MLflow loads it through a
loader module that reads the Scorer's own files, so nothing is pickled.
"""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import credit_scoring
from credit_scoring.scoring.scorer import load_description
from credit_scoring.scoring.training_distribution import load_reference

if TYPE_CHECKING:
    import pandas as pd

SCORER_IN_BUNDLE = Path("data", "scorer")

_LOADER = "credit_scoring.scoring.pyfunc"
_REQUIRED_TO_LOAD = ("mlflow", "pandas", "pydantic", "pydantic-settings", "sqlalchemy", "structlog")


def write_bundle(scorer_folder: Path, bundle: Path, logged_model: str | None = None) -> None:
    """Wrap a Scorer's folder, which must be named ``scorer``, into a new folder.

    Args:
        logged_model: id of the logged model that the bundle belongs to. Such a bundle is read where this package is
            installed; without an id it also contains this package's source.
    """
    # The service installs mlflow-skinny, which lacks what these modules import.
    import mlflow.pyfunc
    from mlflow.models import Model, ModelSignature
    from mlflow.types import ColSpec, Schema

    description = load_description(scorer_folder)
    libraries = {name: version(name) for name in _REQUIRED_TO_LOAD} | description.library_versions
    signature = ModelSignature(
        inputs=Schema([ColSpec("float", name) for name in description.feature_names]),
        outputs=Schema([ColSpec("double", "probability"), ColSpec("string", "decision")]),
    )
    mlflow.pyfunc.save_model(
        bundle,
        loader_module=_LOADER,
        data_path=str(scorer_folder),
        code_paths=[str(Path(credit_scoring.__file__).parent)] if logged_model is None else None,
        pip_requirements=[f"{name}=={number}" for name, number in sorted(libraries.items())],
        mlflow_model=Model(model_id=logged_model),
        signature=signature,
        input_example=_made_up_client(scorer_folder),
    )


def _made_up_client(scorer_folder: Path) -> "pd.DataFrame":
    """The median of every feature over the training clients: an example that describes no person."""
    import pandas as pd

    medians = {name: each.median for name, each in load_reference(scorer_folder).features.items()}
    return pd.DataFrame([medians], dtype="float32")
