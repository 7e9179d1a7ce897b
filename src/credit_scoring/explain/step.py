"""The explanation step: what drives the Scorer over applications it was not fitted on."""

from pathlib import Path

import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture, render, render_page, table
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.explain.contributions import contributions
from credit_scoring.explain.importance import feature_importance
from credit_scoring.feature_store.offline import feature_matrix, read_version
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.registry import ModelRegistry

EXPLAIN_STEP = "explain"
REPORT_FILE = "shap_report.html"
IMPORTANCE_FILE = "feature_importance.csv"
_MOST_ROWS = 10_000
_SHOWN_FEATURES = 30


def run(settings: Settings, force: bool = False) -> Manifest:
    """Write global importances of the registered Scorer."""
    storage = Storage.of(settings)
    version = published_version(settings)
    registered = ModelRegistry(settings).load(settings.model_alias)
    scorer = registered.scorer

    def explain(folder: Path) -> StepResult:
        frame = read_version(storage.offline_features(), version.number)
        unseen = frame.filter(pl.col("TARGET").is_null())
        rows = (unseen if unseen.height else frame).head(_MOST_ROWS)
        features = feature_matrix(rows, scorer.description.feature_names)
        importance = feature_importance(scorer, contributions(scorer, features)[0])
        importance.write_csv(folder / IMPORTANCE_FILE, float_precision=6)
        which = (
            "applications the model never saw"
            if unseen.height
            else "training applications, for lack of others"
        )
        subtitle = f"{registered.name} version {registered.version}, explained on {rows.height:,} {which}"
        page = render_page("What drives the score", subtitle, version.source, _body(importance))
        (folder / REPORT_FILE).write_text(page)
        return StepResult(
            rows={IMPORTANCE_FILE: importance.height, REPORT_FILE: None},
            measures={"explained_rows": rows.height, "strongest_feature": str(importance["feature"][0])},
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            scorer.description.model_hash,
            registered.version,
        ),
        rooms=("explain", "feature_store", "scoring"),
        artefacts=(
            Artefact(name=f"{registered.name} version {registered.version}", path=settings.model_alias),
        ),
    )
    return run_step(settings, EXPLAIN_STEP, inputs, explain, force)


def _body(importance: pl.DataFrame) -> Markup:
    strongest = importance.head(_SHOWN_FEATURES)
    figure = Figure(figsize=(7.5, 7.5), layout="constrained")
    axes = figure.subplots()
    axes.barh(strongest["feature"].to_list()[::-1], strongest["mean_absolute_shap"].to_list()[::-1])
    axes.set_xlabel("mean absolute SHAP value (log-odds)")
    rows = (
        (feature, meaning, f"{shap:.4f}", f"{gain:.2%}")
        for feature, meaning, shap, gain in strongest.iter_rows()
    )
    return render(
        "<h2>The {{ count }} strongest features</h2>{{ plot }}{{ figures }}",
        count=strongest.height,
        plot=picture(figure, "How much each feature moves the score on average"),
        figures=table(("feature", "meaning", "mean absolute SHAP", "share of gain"), rows),
    )
