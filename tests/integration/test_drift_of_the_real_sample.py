"""The changed coverage of the credit bureau's monthly records is found between the real application tables.

The sample is not part of the repository; without it (`CREDIT_SAMPLE=PATH`) this test is skipped.
"""

import json
import sys

import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_ingestion import step as data_ingestion
from credit_scoring.data_validation import step as data_validation
from credit_scoring.drift_detection import step
from credit_scoring.drift_detection.outputs import REPORT_FILES, RESULT_FILE
from credit_scoring.feature_engineering import step as feature_engineering
from credit_scoring.feature_store import step as feature_store
from credit_scoring.train import step as train
from tests.support.real_sample import SAMPLE, needs_real_sample

pytestmark = [pytest.mark.slow, needs_real_sample]


def test_the_changed_coverage_of_bureau_balance_is_named_first(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "evidently", None)
    data_ingestion.run(settings, SAMPLE)
    data_validation.run(settings)
    feature_engineering.run(settings)
    feature_store.run(settings)
    train.run(settings)
    manifest = step.run(settings)
    folder = Storage.of(settings).current(step.DRIFT_STEP)
    result = json.loads((folder / RESULT_FILE).read_text())
    assert manifest.measures["verdict"] in {"warning", "stable"}
    months = next(one for one in result["features"] if one["name"].startswith("bureau_balance_"))
    assert months["missing_before"] - months["missing_now"] > 0.2
    said = (folder / REPORT_FILES["en"]).read_text()
    first = said.partition("features drifted: ")[2].partition(";")[0]
    assert "(bureau_balance)” with" in first and "missing for" in first
