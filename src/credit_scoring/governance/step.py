"""The audit step: fairness by group, the verdict of its gate, and the documents about the registered Scorer."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import polars as pl

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import Artefact, DataSource, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.portfolio import training_folder
from credit_scoring.explain.portfolio_explanation import EXPLAIN_STEP, PortfolioExplanation, read_explanation
from credit_scoring.explain.report import plots_folder
from credit_scoring.explain.step import REPORT_FILE as SHAP_REPORT_FILE
from credit_scoring.explain.texts import LANGUAGE_MODULES, LANGUAGES
from credit_scoring.explain.texts.language import DOCUMENTS
from credit_scoring.feature_store.step import published_version
from credit_scoring.governance.document_content import content_of
from credit_scoring.governance.documents import PICTURES_FOLDER, as_page, document, html_of
from credit_scoring.governance.fairness_report import fairness_page
from credit_scoring.governance.pdf import write_pdf
from credit_scoring.governance.version_audit import audit_of_version, report_result
from credit_scoring.model_registry.aliases import STAGING
from credit_scoring.model_registry.experiments import EVALUATION, keep_with_run, log_step
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer, VersionSummary
from credit_scoring.scoring.artefact_names import COMPARISON_FILE, PLOTS

AUDIT_STEP = "audit"
FAIRNESS_FILE = "fairness.json"
FAIRNESS_REPORT_FILE = "fairness_report.html"


def run(settings: Settings, force: bool = False) -> Manifest:
    """Audit the registered Scorer, write its documents, and report the verdict to the registry.

    Raises:
        MissingArtefactError, ModelNotFoundError: nothing was published, registered or explained yet.
    """
    storage = Storage.of(settings)
    version = published_version(settings)
    registry = ModelRegistry(settings)
    registered = registry.load(settings.registry.model_alias)
    summary = registry.summary(str(registered.version))
    explanation = read_explanation(storage, registered.version, version.number)
    training = training_folder(storage, registered.scorer)

    def audit(folder: Path) -> StepResult:
        audited = audit_of_version(settings, registry, summary.run_id, registered.scorer.description)
        if audited is None:
            return StepResult(rows={})
        (folder / FAIRNESS_FILE).write_text(audited.model_dump_json(indent=1))
        page = fairness_page(
            audited, f"{registered.name} version {registered.version}", version.source, min_acceptance_ratio
        )
        (folder / FAIRNESS_REPORT_FILE).write_text(page)
        written = [FAIRNESS_FILE, FAIRNESS_REPORT_FILE]
        if training is not None and explanation.held_out and explanation.outcome_known:
            compared = pl.read_csv(training / COMPARISON_FILE, glob=False)
            explained = storage.current(EXPLAIN_STEP)
            for language in LANGUAGES.values():
                pictures = plots_folder(explained / PLOTS, language).glob("*.png")
                _copy(pictures, folder / PICTURES_FOLDER / language.code)
            _copy([explained / SHAP_REPORT_FILE], folder)  # the documents link it
            written += [
                PICTURES_FOLDER,
                *_write_documents(settings, registered, explanation, audited, compared, folder),
            ]
        worst = audited.worst()
        return StepResult(
            rows=dict.fromkeys(written),
            measures=({} if worst is None else {"lowest_acceptance_ratio": round(worst.acceptance_ratio.value, 3)}),
        )

    min_acceptance_ratio = settings.promotion.min_acceptance_ratio
    inputs = StepInputs(
        source=version.source,
        depends_on=(
            storage.current_version(EXPLAIN_STEP)[0].fingerprint,
            training is not None,
            settings.cost.missed_default,
            min_acceptance_ratio,
        ),
        modules=(__name__, *LANGUAGE_MODULES),
        artefacts=(
            Artefact(name=f"{registered.name} version {registered.version}", path=settings.registry.model_alias),
        ),
    )
    manifest = run_step(settings, AUDIT_STEP, inputs, audit, force)
    _report_results(settings, registry, summary)
    name = f"audit of version {summary.number}"
    log_step(settings, EVALUATION, name, manifest, version, summary.number)
    keep_with_run(settings, summary.run_id, storage.current(EXPLAIN_STEP), EXPLAIN_STEP)
    return manifest


def _write_documents(
    settings: Settings,
    registered: RegisteredScorer,
    explanation: PortfolioExplanation,
    audited: FairnessAudit,
    compared: pl.DataFrame,
    folder: Path,
) -> list[str]:
    """Write interpretability report and model card in each language; returns the names of the files."""
    source: DataSource = registered.scorer.description.source
    written = []
    for code, language in LANGUAGES.items():
        content = content_of(settings, registered, explanation, audited, compared, language)
        for name in DOCUMENTS:
            markdown = document(name, language, content, source)
            files = {ending: folder / f"{name}.{code}.{ending}" for ending in ("md", "html", "pdf")}
            files["md"].write_text(markdown, encoding="utf-8")
            files["html"].write_text(as_page(name, markdown, language, source, folder), encoding="utf-8")
            title, created_at = language.document_titles[name], registered.scorer.description.trained_at
            write_pdf(html_of(markdown), title, code, created_at, folder, files["pdf"])
            written += [file.name for file in files.values()]
    return written


def _copy(files: Iterable[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        shutil.copy(file, folder)


def _report_results(settings: Settings, registry: ModelRegistry, registered: VersionSummary) -> None:
    """Report the verdict on the registered version, and on the candidate in Staging if that is another one."""
    file = Storage.of(settings).current(AUDIT_STEP) / FAIRNESS_FILE
    if file.exists():
        report_result(settings, registry, registered, FairnessAudit.model_validate_json(file.read_bytes()))
    for version in registry.versions():
        if STAGING in version.aliases and version.number != registered.number:
            description = registry.load_version(version.number).scorer.description
            with suppress(MissingArtefactError):  # trained on features that are not published here
                audited = audit_of_version(settings, registry, version.run_id, description)
                if audited is not None:
                    report_result(settings, registry, version, audited)
