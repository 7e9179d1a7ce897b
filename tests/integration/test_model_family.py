"""A new model family is one file: with it alone a model is trained, registered, loaded and served."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import credit_scoring
from credit_scoring.core.settings import Settings
from credit_scoring.feature_store import step as feature_store
from tests.support.feature_versions import compute_made_up_features, made_up_features

FILE = '''
"""Default rate: every client gets the same probability."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from credit_scoring.scoring.model_family import Budget, Model, ModelFamily, Parameters, TrainingRows


@dataclass(frozen=True)
class DefaultRate:
    log_odds: float
    features: int
    family = "default_rate"

    def margin(self, features):
        return np.full(len(features), self.log_odds)

    def contributions(self, features):
        contributions = np.zeros((len(features), features.shape[1] + 1))
        contributions[:, -1] = self.log_odds
        return contributions

    def importance(self):
        return np.zeros(self.features)

    def save(self, folder):
        (folder / "rate.txt").write_text(f"{self.log_odds!r} {self.features}")


def load(folder):
    log_odds, features = (folder / "rate.txt").read_text().split()
    return DefaultRate(float(log_odds), int(features))


def fit(rows, parameters):
    rate = rows.default.mean()
    return DefaultRate(float(np.log(rate / (1 - rate))), len(rows.names))


FAMILY = ModelFamily(
    name="default_rate",
    fit=fit,
    load=load,
    parameters={Budget.QUICK: {}, Budget.FULL: {}},
    maximum_rows={Budget.QUICK: 1_000, Budget.FULL: 1_000},
)
'''


PROGRAM = """
import json
import sys

import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.train import step

settings = Settings.model_validate_json(sys.argv[1])
measures = step.run(settings.with_values(training={"families": ("default_rate",)})).measures
scorer = ModelRegistry(settings).load("staging").scorer
features = np.zeros((2, len(scorer.description.feature_names)), dtype=np.float32)
print(json.dumps({"measures": measures, "probability": scorer.probability(features).tolist()}))
"""


def test_a_family_of_one_file_is_trained_registered_loaded_and_scores(with_tracking: Settings, tmp_path: Path) -> None:
    compute_made_up_features(with_tracking, made_up_features(60, new_clients=0))
    feature_store.run(with_tracking)
    source = Path(credit_scoring.__file__).parent
    shutil.copytree(source, tmp_path / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / source.name / "scoring" / "models" / "default_rate.py").write_text(FILE)
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, with_tracking.model_dump_json()],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        check=True,
    )
    answer = json.loads(ran.stdout.splitlines()[-1])
    assert answer["measures"]["champion"] == "default_rate"
    assert answer["probability"] == pytest.approx([answer["measures"]["default_rate"]] * 2, abs=0.03)
