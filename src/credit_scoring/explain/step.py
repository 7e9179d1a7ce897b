"""The explain step: what drives the registered Scorer, on applications it was not fitted on."""

from pathlib import Path

import polars as pl

from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.explain.feature_selection import feature_selection
from credit_scoring.explain.importance import concept_importance, feature_importance, native_importance
from credit_scoring.explain.portfolio import portfolio_of, training_folder
from credit_scoring.explain.portfolio_explanation import EXPLAIN_STEP, EXPLANATION_FILE, portfolio_explanation
from credit_scoring.explain.report import write_report
from credit_scoring.explain.texts import ENGLISH, LANGUAGE_MODULES
from credit_scoring.feature_store.step import published_version
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import PLOTS

REPORT_FILE = "shap_report.html"
IMPORTANCE_FILE = "feature_importance.csv"
NATIVE_FILE = "native_importance.csv"
CONCEPTS_FILE = "concept_importance.csv"
SELECTION_FILE = "feature_selection.csv"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Write importances, plots and the SHAP report of the registered Scorer.

    Raises:
        MissingArtefactError, ModelNotFoundError: nothing was published or registered yet.
        UnexplainableModelError: the model's family has no exact contributions.
    """
    storage = Storage.of(settings)
    version = published_version(settings)
    registered = ModelRegistry(settings).load(settings.registry.model_alias)
    description = registered.scorer.description
    training = training_folder(storage, registered.scorer)

    def explain(folder: Path) -> StepResult:
        portfolio = portfolio_of(storage, registered.scorer, version.number, training)
        importance = feature_importance(registered.scorer.model, description.feature_names, portfolio.rows)
        concepts = concept_importance(description.feature_names, portfolio.rows)
        selection = feature_selection(importance, description.feature_names, portfolio.rows)
        explanation = portfolio_explanation(registered, version.number, portfolio, concepts, importance, selection)
        page = write_report(folder / PLOTS, registered, version.source, portfolio, explanation, concepts, importance)
        tables = {
            IMPORTANCE_FILE: importance,
            NATIVE_FILE: native_importance(importance),
            CONCEPTS_FILE: concepts,
        }
        for name, frame in tables.items():
            is_measured = pl.col("auc_loss_when_permuted").is_not_null()
            permutation = pl.when(is_measured).then(pl.lit("measured")).otherwise(pl.lit(ENGLISH.not_measured))
            frame.with_columns(permutation=permutation).write_csv(folder / name, float_precision=6)
        selection.write_csv(folder / SELECTION_FILE, float_precision=6)
        (folder / REPORT_FILE).write_text(page)
        (folder / EXPLANATION_FILE).write_text(explanation.model_dump_json(indent=1))
        return StepResult(
            rows={
                **{name: frame.height for name, frame in tables.items()},
                SELECTION_FILE: selection.height,
                REPORT_FILE: None,
                EXPLANATION_FILE: None,
                PLOTS: None,
            },
            measures={"explained_rows": explanation.rows, "strongest_feature": explanation.strongest[0].feature},
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            description.model_hash,
            registered.version,
            training is not None,
        ),
        modules=(__name__, *LANGUAGE_MODULES),
        artefacts=(
            Artefact(name=f"{registered.name} version {registered.version}", path=settings.registry.model_alias),
        ),
    )
    return run_step(settings, EXPLAIN_STEP, inputs, explain, force)
