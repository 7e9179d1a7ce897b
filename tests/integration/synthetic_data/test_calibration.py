"""calibration.json is what the calibration makes of the profile and of the sample of real rows.

Neither is part of the repository; the profile lies beside the folder of the sample. Without them the test is skipped.
"""

import json
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scripts.calibration.__main__ import calibration_text
from tests.support.real_sample import DATA, SAMPLE, needs_real_sample

PROFILE = DATA / "profile.json"

pytestmark = [
    pytest.mark.slow,
    needs_real_sample,
    pytest.mark.skipif(SAMPLE.exists() and not PROFILE.exists(), reason=f"needs the published profile at {PROFILE}"),
]


def test_the_committed_calibration_is_up_to_date(tmp_path: Path) -> None:
    with zipfile.ZipFile(SAMPLE) as archive:
        archive.extractall(tmp_path)
    folder = next(path.parent for path in tmp_path.rglob("application_train.csv"))
    made = json.loads(calibration_text(PROFILE, folder))
    committed = json.loads((files("credit_scoring.synthetic_data") / "calibration.json").read_text())
    # Eigenvalues differ in the last digit between processors.
    correlation = [made["application"].pop("correlation"), committed["application"].pop("correlation")]
    loading = [made["application"].pop("loading"), committed["application"].pop("loading")]
    assert np.abs(np.concatenate(correlation[0]) - np.concatenate(correlation[1])).max() <= 1
    assert loading[0] == pytest.approx(loading[1], abs=0.002)
    assert _differences(made, committed) == []


def _differences(made: Any, committed: Any, path: str = "") -> list[str]:
    if isinstance(made, dict) and isinstance(committed, dict):
        missing = [f"{path}/{key}" for key in set(made) ^ set(committed)]
        inner = [_differences(made[key], committed[key], f"{path}/{key}") for key in set(made) & set(committed)]
        return missing + [found for part in inner for found in part]
    return [] if made == committed else [path]
