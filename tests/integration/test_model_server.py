"""`mlflow models serve` gives the probabilities of the batch scores bit for bit, without this program installed."""

import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from credit_scoring.batch_scoring import step as batch_scoring
from credit_scoring.core.errors import SettingsError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.feature_store import step as feature_store
from credit_scoring.feature_store.offline import read_version
from credit_scoring.model_registry.promotion import PromotionRequest, promote
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step as train
from scripts.serve_mlflow import model_server, port_of
from tests.support.feature_versions import compute_made_up_features, made_up_features
from tests.support.servers.tracking import reachable_folder, running_model_server, running_tracking_server


@pytest.mark.slow
def test_300_clients_get_the_probabilities_of_the_batch_scores(settings: Settings, tmp_path: Path) -> None:
    compute_made_up_features(settings, made_up_features(460, new_clients=300))
    feature_store.run(settings)
    with reachable_folder() as folder, running_tracking_server("", folder) as server:
        tracked = settings.with_values(registry={"tracking_uri": server.url})
        train.run(tracked)
        batch_scoring.run(tracked)
        names = ModelRegistry(tracked).load("staging").scorer.description.feature_names
        frame = read_version(Storage.of(tracked).offline_features(), 0).filter(pl.col("TARGET").is_null()).sort(CLIENT)
        features = frame.select(names).to_numpy().astype(np.float32)
        with running_model_server(tracked.data_directory, server.url, tmp_path) as url:
            answers = _ask(url, names, features)
    scores = pl.read_parquet(Storage.of(settings).current(batch_scoring.SCORE_STEP) / batch_scoring.SCORES_FILE)
    expected = frame.select(CLIENT).join(scores, on=CLIENT, how="left", maintain_order="left")
    assert len(answers) == 300
    assert [answer["probability"] for answer in answers] == expected["probability"].to_list()
    assert [answer["decision"] for answer in answers] == expected["decision"].to_list()


@pytest.mark.parametrize("value", ["abc", "", "0", "65536", "-1", "5001 "])
def test_a_port_that_is_none_is_named_with_what_to_set(value: str) -> None:
    assert port_of("5001") == 5001
    with pytest.raises(SettingsError, match=f"PORT={value} is no port. Set a number from 1 to 65535"):
        port_of(value)


def test_the_version_in_production_is_served_or_the_one_in_staging_before_the_first_promotion(
    trained_copy: Settings,
) -> None:
    def served() -> str:
        command, variables = model_server(trained_copy, port=5001)
        assert variables["MLFLOW_TRACKING_URI"] == registry.tracking_uri
        return command[command.index("--model-uri") + 1]

    registry = ModelRegistry(trained_copy)
    assert served() == "models:/credit-scoring/1"
    promote(trained_copy, "1", PromotionRequest("a demonstration", by="clerk", allow_synthetic=True))
    train.run(trained_copy, force=True)
    assert registry.deployment("staging").version == 2
    assert served() == "models:/credit-scoring/1"


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
