"""How a feature version lies on disk, bucket by bucket."""

from pathlib import Path

from credit_scoring.feature_engineering.application.population import Population

FEATURES_STEP = "features"
POPULATION_FILE = "population.json"


def features_path(folder: Path, bucket: int) -> Path:
    """File of one client bucket below the folder of a feature version."""
    return folder / f"bucket={bucket:04d}.parquet"


def read_population(folder: Path) -> Population:
    """The training statistics stored with a feature version."""
    return Population.model_validate_json((folder / POPULATION_FILE).read_bytes())
