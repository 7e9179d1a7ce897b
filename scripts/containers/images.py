"""What each image contains; docker/Dockerfile.* are rendered from it."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined

PYTHON_IMAGE = "python:3.12-slim"
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Image:
    """One image.

    Attributes:
        name: "api" makes the image credit-scoring-api.
        requirements: lock files of its dependencies, from the root of the repository, without `.txt`.
        command: default arguments of the program.
        template: in docker/, what the Dockerfile is rendered from.
        base: name of the image that it extends.
        entrypoint: what runs the arguments.
        state_directories: what the program may write, beside the data directory.
        maximum_megabytes: limit of the unpacked size, as `docker image ls` shows it.
        port, liveness: where the process answers that it lives; 0 for a program that ends.
        options: lock files that are installed too where the build argument of their name is 1.
        system_packages: Debian packages that the final stage needs.
        uninstalled: distributions that a dependency asks for and nothing here imports.
        unused: files below site-packages that nothing here uses.
        compiled: packages, beside ours, whose bytecode is in the image: a start on a read-only root would compile them
            every time.
    """

    name: str
    description: str
    requirements: tuple[str, ...]
    command: tuple[str, ...]
    maximum_megabytes: int
    port: int = 0
    liveness: str = ""
    options: tuple[str, ...] = ()
    system_packages: tuple[str, ...] = ()
    uninstalled: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    compiled: tuple[str, ...] = ()
    template: str = "Dockerfile.jinja"
    base: str = ""
    entrypoint: tuple[str, ...] = ("credit-scoring",)
    state_directories: tuple[str, ...] = ()


ARROW_NETWORK = ("pyarrow/*_flight*",)
OPENMP = ("libgomp1",)
IMAGES = (
    Image(
        "etl",
        "From CSV files to published features",
        ("requirements/etl",),
        ("pipeline", "--help"),
        800,
        unused=ARROW_NETWORK,
    ),
    # Drift is here because Evidently needs pandas, scikit-learn and SciPy, which training has; plotly is what it adds.
    Image(
        "training",
        "Training, tuning, explanation, audit and drift",
        ("requirements/training", "requirements/drift"),
        ("train", "--help"),
        1_000,
        options=("catboost", "jupyter"),
        system_packages=OPENMP,
        uninstalled=("faker", "patsy", "statsmodels", "uvloop", "watchfiles", "websockets"),
        unused=(
            *ARROW_NETWORK,
            "mlflow/server/js",
            "databricks/sdk/service",
            "jupyterlab_plotly",
            "plotly/package_data/plotly.min.js",
        ),
    ),
    Image(
        "api",
        "The prediction service",
        ("requirements/api",),
        ("serve", "--host", "0.0.0.0"),  # nosec B104: inside the container's own network
        450,
        port=8000,
        liveness="/health/live",
        system_packages=OPENMP,
        compiled=("mlflow", "sqlalchemy", "pydantic", "fastapi", "starlette"),
    ),
    Image(
        "mlflow",
        "MLflow's tracking server and registry",
        ("requirements/mlflow",),
        ("tracking", "--server", "--host", "0.0.0.0"),  # nosec B104: inside the container's own network
        850,
        port=5000,
        liveness="/health",
        unused=ARROW_NETWORK,
    ),
    Image(
        "airflow",
        "Airflow with the DAGs, and the environment of training, in which their tasks run",
        ("airflow/requirements",),
        ("version",),
        1_800,
        port=8080,
        template="Dockerfile.airflow.jinja",
        base="training",
        entrypoint=("tini", "--", "/opt/airflow/bin/run"),
        state_directories=("/opt/airflow/logs", "/var/lib/anchors", "/var/lib/reports"),
    ),
)
MAXIMUM_MEGABYTES_OF_AIRFLOW = 1_000
"""Limit of Airflow itself, without what it extends."""


def dockerfile(image: Image) -> str:
    """Text of the Dockerfile of an image."""
    template = (ROOT / "docker" / image.template).read_text()
    # A Dockerfile is no HTML: nothing is to be escaped.
    environment = Environment(undefined=StrictUndefined, trim_blocks=False, keep_trailing_newline=True)  # nosec B701
    return environment.from_string(template).render(image=image, python_image=PYTHON_IMAGE)
