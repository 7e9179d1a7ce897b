"""The service runs on its own requirements, without the libraries that build features or train models."""

import json
import os
import subprocess
import sys

from credit_scoring.core.settings import Settings
from tests.integration.test_prediction_service import REQUEST

FOREIGN = (
    "catboost",
    "deltalake",
    "jinja2",
    "matplotlib",
    "optuna",
    "pandas",
    "pandera",
    "polars",
    "pyarrow",
    "shap",
    "sklearn",
    "xgboost",
)
DECIDE = f"""
import json, sys
for name in {FOREIGN}:
    sys.modules[name] = None
from fastapi.testclient import TestClient
from credit_scoring.api.main import create_app
with TestClient(create_app()) as client:
    answer = client.post("/predict", json={REQUEST})
    print(json.dumps([answer.status_code, answer.json(), client.get("/health").status_code]))
"""


def test_the_service_decides_without_the_training_libraries(trained_copy: Settings) -> None:
    environment = os.environ | {"CREDIT_DATA_DIRECTORY": str(trained_copy.data_directory), "CREDIT_ENVIRONMENT": "dev"}
    finished = subprocess.run(
        [sys.executable, "-c", DECIDE], env=environment, capture_output=True, text=True, check=False
    )
    assert finished.returncode == 0, finished.stderr
    status, answer, health = json.loads(finished.stdout.splitlines()[-1])
    assert (status, health) == (200, 200)
    assert 0 < answer["probability_of_default"] < 1
    assert answer["history_found"]
