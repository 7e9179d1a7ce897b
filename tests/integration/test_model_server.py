"""`mlflow models serve` gives the probabilities of the Scorer bit for bit, without this program installed."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import pytest

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.registry import ModelRegistry
from tests.support.scorers import small_features
from tests.support.servers.tracking import running_model_server


@pytest.mark.slow
def test_a_registered_version_is_served_with_the_same_probabilities(trained: Settings, tmp_path: Path) -> None:
    registry = ModelRegistry(trained)
    scorer = registry.load("staging").scorer
    names = scorer.description.feature_names
    features = small_features(len(names), rows=50, seed=3)
    with running_model_server("models:/credit-scoring@staging", registry.tracking_uri, tmp_path) as url:
        answers = [row for part in (features[:1], features) for row in _ask(url, names, part)]
    expected = np.concatenate([scorer.probability(features[:1]), scorer.probability(features)])
    assert [answer["probability"] for answer in answers] == expected.tolist()
    assert [answer["decision"] for answer in answers] == [scorer.decision_for(value).value for value in expected]


def test_a_registered_version_brings_the_code_that_reads_it(trained: Settings, tmp_path: Path) -> None:
    registry = ModelRegistry(trained)
    bundle = registry.artefact(registry.summary("staging").run_id, "scorer")
    assert bundle is not None
    program = (
        "import sys, mlflow.pyfunc\n"
        "mlflow.pyfunc.load_model(sys.argv[1])\n"
        "import credit_scoring\n"
        "print(credit_scoring.__file__)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program, str(bundle)],
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(loaded.stdout.strip()) == bundle / "code" / "credit_scoring" / "__init__.py"


def test_a_registered_version_contains_no_pickle(trained: Settings) -> None:
    registry = ModelRegistry(trained)
    folder = registry.artefact(registry.summary("staging").run_id, "scorer")
    assert folder is not None
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert {"MLmodel", "scorer.json", "pyfunc.py"} <= {file.name for file in files}
    for file in files:
        assert file.suffix not in {".pkl", ".pickle", ".joblib", ".cloudpickle"}
        # Every pickle of protocol 2 or later begins with this byte and its number.
        assert not file.read_bytes().startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"))


def _ask(url: str, names: tuple[str, ...], features: np.ndarray) -> list[dict[str, float | str]]:
    rows = [[None if np.isnan(value) else float(value) for value in row] for row in features]
    body = json.dumps({"dataframe_split": {"columns": list(names), "data": rows}}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        predictions: list[dict[str, float | str]] = json.load(answer)["predictions"]
    return predictions
