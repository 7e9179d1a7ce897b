"""The drift step: compares new applications with those that the model was trained on."""

import json
from pathlib import Path

import polars as pl

from credit_scoring.core.html_page import render, render_page, table
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.population_stability import MOVED_ABOVE, population_stability_index, stability_by_chance
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import read_version
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.experiments import DRIFT, log_step

DRIFT_STEP = "drift"
REPORT_FILE = "drift_report.html"
_LISTED_FEATURES = 50


def run(settings: Settings, force: bool = False) -> Manifest:
    """Measure the population stability index of every feature between training and new applications.

    If the version has only one of the two, the step succeeds with an empty report. The result is a run in MLflow.

    Raises:
        MissingArtefactError: nothing was published yet.
        StorageError: the tracking server does not answer; the result is kept.
    """
    storage = Storage.of(settings)
    version = published_version(settings)

    def detect(folder: Path) -> StepResult:
        frame = read_version(storage.offline_features(), version.number)
        known, new = frame.filter(pl.col("TARGET").is_not_null()), frame.filter(pl.col("TARGET").is_null())
        if not known.height or not new.height:
            subtitle = f"{new.height:,} new applications against {known.height:,} of training"
            body = render("<p>There is nothing to compare.</p>")
            (folder / REPORT_FILE).write_text(render_page("Drift report", subtitle, version.source, body))
            return StepResult(rows={REPORT_FILE: None}, measures={"moved_share": 0.0})
        moved = {
            name: population_stability_index(known[name].to_numpy(), new[name].to_numpy()) for name in feature_names()
        }
        ranked = sorted(moved.items(), key=lambda item: -item[1])
        (folder / "drift.json").write_text(json.dumps(dict(ranked), indent=1))
        # A few applications differ from any distribution: what chance explains is no drift.
        limit = max(MOVED_ABOVE, stability_by_chance(known.height, new.height))
        share = sum(value > limit for value in moved.values()) / len(moved)
        subtitle = f"{new.height:,} new applications against {known.height:,} of training, version {version.number}"
        body = render(
            "<p>{{ share }} of the features have moved (index above {{ limit }}).</p>"
            "{% if few %}<p>So few new applications show large changes only: an index of up to {{ limit }} "
            "is explained by chance.</p>{% endif %}{{ figures }}",
            share=f"{share:.1%}",
            limit=f"{limit:.2f}",
            few=limit > MOVED_ABOVE,
            figures=table(
                ("feature", "population stability index"),
                ((name, f"{value:.3f}") for name, value in ranked[:_LISTED_FEATURES]),
            ),
        )
        (folder / REPORT_FILE).write_text(render_page("Drift report", subtitle, version.source, body))
        return StepResult(
            rows={"drift.json": len(moved), REPORT_FILE: None},
            measures={"moved_share": round(share, 4), "largest_drift": ranked[0][0]},
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(version.fingerprint, version.content_hash),
        modules=(__name__,),
        artefacts=(
            Artefact(name=f"feature version {version.number}", path=storage.relative(storage.offline_features())),
        ),
    )
    manifest = run_step(settings, DRIFT_STEP, inputs, detect, force)
    log_step(settings, DRIFT, f"drift of feature version {version.number}", manifest, version)
    return manifest
