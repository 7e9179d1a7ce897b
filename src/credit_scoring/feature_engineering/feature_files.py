"""Names of the files of a feature version."""

from pathlib import Path

FEATURES_STEP = "features"
STATISTICS_FILE = "population.json"
CATALOGUE_FILES = ("feature_catalogue.html", "feature_catalogue.csv")
"""The documentation of all features of a version, as page and as table."""


def features_path(folder: Path, bucket: int) -> Path:
    """File of one client bucket below the folder of a feature version."""
    return folder / f"bucket={bucket:04d}.parquet"
