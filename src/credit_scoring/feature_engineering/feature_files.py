"""How a feature version lies on disk, bucket by bucket."""

from pathlib import Path

from credit_scoring.feature_engineering.application.training_statistics import TrainingStatistics

FEATURES_STEP = "features"
STATISTICS_FILE = "population.json"


def features_path(folder: Path, bucket: int) -> Path:
    """File of one client bucket below the folder of a feature version."""
    return folder / f"bucket={bucket:04d}.parquet"


def read_population(folder: Path) -> TrainingStatistics:
    """The training statistics stored with a feature version."""
    return TrainingStatistics.model_validate_json((folder / STATISTICS_FILE).read_bytes())
