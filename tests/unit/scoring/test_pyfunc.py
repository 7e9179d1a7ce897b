"""MLflow's generic model returns the Scorer's own answers, whatever the order of the columns."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from credit_scoring.core.errors import StorageError
from credit_scoring.scoring import pyfunc
from credit_scoring.scoring.scorer import save_scorer
from tests.support.scorers import small_features, small_reference, small_scorer


def test_probability_and_decision_are_the_scorers_to_the_bit(tmp_path: Path) -> None:
    scorer = small_scorer()
    save_scorer(scorer, small_reference(scorer), tmp_path)
    features = small_features(3, seed=6)
    # As a server reads JSON: every number with the double precision of its text, in any order of columns.
    frame = pd.DataFrame(features.astype(np.float64), columns=list(scorer.description.feature_names))
    answers = pyfunc._load_pyfunc(str(tmp_path)).predict(frame[frame.columns[::-1]])
    expected = scorer.probability(features)
    assert answers["probability"].to_numpy().tobytes() == expected.tobytes()
    assert answers["decision"].tolist() == [scorer.decision_for(value).value for value in expected]


def test_a_changed_file_is_not_served(tmp_path: Path) -> None:
    scorer = small_scorer()
    save_scorer(scorer, small_reference(scorer), tmp_path)
    (tmp_path / "model" / "model.txt").write_text("another model")
    with pytest.raises(StorageError, match="has the hash"):
        pyfunc._load_pyfunc(str(tmp_path))
