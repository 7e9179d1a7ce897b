"""evidently_report.html: the features that matter to the model, its score and the target, drawn by Evidently."""

from pathlib import Path

import numpy as np
import pandas as pd

from credit_scoring.core.html_page import render
from credit_scoring.core.manifest import SYNTHETIC_NOTICE
from credit_scoring.core.settings import prepare_environment
from credit_scoring.drift_detection.comparison import Sample, TrainingClients
from credit_scoring.drift_detection.moved_features import CODES
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.governance.drift_history import Status

MAX_ROWS = 20_000
"""Of each side: Evidently takes hours for all rows and features."""
_DRAWN_FEATURES = 40
_SCORE, _TARGET = "probability", "TARGET"

_HEADER = """<body><div style="margin: 1rem; font: 16px/1.5 sans-serif">
{% if notice %}<p><strong>{{ notice[0] }}</strong> {{ notice[1] }}</p>{% endif %}
<p>The features that matter most to the model, its probabilities and the outcomes: {{ now }} current applications and
{{ before }} of the training, drawn at random. <a href="drift_report.html">drift_report.html</a> compares all features
on all rows, missing values included; Evidently leaves them out.</p>
<p>{{ score }} of clients that the model was trained on is out of fold.
{{ target }} is that of applications with known outcome: refused applicants
have none.{% if left_out %} Not shown, because a side has no value: {{ left_out }}.{% endif %}</p></div>"""


def write_evidently_page(
    result: DriftResult, sample: Sample | None, training: TrainingClients | None, path: Path
) -> str | None:
    """Write the page; returns why it is missing, one of `NO_EVIDENTLY_PAGE`, or None if it was written."""
    if sample is None or result.verdict.status is Status.TOO_FEW:
        return "nothing to compare"
    if training is None:
        return "no training rows"
    prepare_environment()  # Evidently sends usage data unless the environment forbids it
    try:
        from evidently import DataDefinition, Dataset, Report  # an extra, and slow to import
        from evidently.presets import DataDriftPreset
    except ModuleNotFoundError:
        return "not installed"
    strongest = sorted(result.features, key=lambda feature: -feature.importance)[:_DRAWN_FEATURES]
    names = [feature.name for feature in strongest]
    columns = [training.names.index(name) for name in names]
    before, now = (
        _frame(names, side.features[:, columns], side.probability, side.default) for side in (training, sample)
    )
    shown = [name for name in before if before[name].notna().any() and now[name].notna().any()]
    categories = [name for name in shown if name in CODES or name == _TARGET]
    definition = DataDefinition(
        numerical_columns=[name for name in shown if name not in categories], categorical_columns=categories
    )
    report = Report([DataDriftPreset(columns=shown, method="psi", threshold=result.drifted_above)])
    page = report.run(*(Dataset.from_pandas(side[shown], data_definition=definition) for side in (now, before)))
    header = render(
        _HEADER,
        notice=SYNTHETIC_NOTICE if result.source == "synthetic" else None,
        before=f"{len(before):,}",
        now=f"{len(now):,}",
        score=_SCORE,
        target=_TARGET,
        left_out=", ".join(name for name in before if name not in shown),
    )
    path.write_text(page.get_html_str(as_iframe=False).replace("<body>", header, 1), encoding="utf-8")
    return None


def _frame(names: list[str], features: np.ndarray, probability: np.ndarray, default: np.ndarray) -> pd.DataFrame:
    """At most `MAX_ROWS` rows, drawn at random; categories as text, and missing what is not finite."""
    drawn = np.random.default_rng(0).permutation(len(features))[:MAX_ROWS]
    values = features[drawn].astype(np.float64)
    frame = pd.DataFrame(np.where(np.isfinite(values), values, np.nan), columns=names)
    frame[_SCORE], frame[_TARGET] = probability[drawn], default[drawn]
    for name in {*CODES, _TARGET} & {*frame}:
        frame[name] = [None if np.isnan(code) else f"{code:g}" for code in frame[name]]
    return frame
