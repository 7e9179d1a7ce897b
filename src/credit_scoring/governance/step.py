"""The explanation step: what drives the registered Scorer, on applications it was not fitted on."""

from contextlib import suppress
from pathlib import Path

import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.html_page import png, render_page
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.steps import StepInputs, StepResult, run_step
from credit_scoring.core.storage import Storage
from credit_scoring.evaluation.fairness import FairnessAudit
from credit_scoring.explain.concept_importance import concept_contributions, concept_importance
from credit_scoring.explain.concepts import Concept
from credit_scoring.explain.example_cases import stories
from credit_scoring.explain.importance import PERMUTED_FEATURES, feature_importance
from credit_scoring.explain.portfolio import Portfolio, portfolio_of, training_folder
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_store.step import published_version
from credit_scoring.governance.documents import DOCUMENTS, as_page, document
from credit_scoring.governance.documents.figures import figures_of
from credit_scoring.governance.report import Told, concept_titles, report_body
from credit_scoring.governance.version_audit import audit_of_version, report_verdict
from credit_scoring.model_registry.aliases import STAGING
from credit_scoring.model_registry.registry import ModelRegistry, RegisteredScorer, VersionSummary
from credit_scoring.scoring.artefact_names import COMPARISON_FILE
from credit_scoring.scoring.scorer import Scorer

EXPLAIN_STEP = "explain"
REPORT_FILE = "shap_report.html"
IMPORTANCE_FILE = "feature_importance.csv"
CONCEPTS_FILE = "concept_importance.csv"
FAIRNESS_FILE = "fairness.json"
PLOTS = "plots"
_SHOWN_DEPENDENCES = 6
_TOLD_CONCEPTS = 3
_ADDITIVE_FAMILIES = ("logistic_regression", "scorecard")


def run(settings: Settings, force: bool = False) -> Manifest:
    """Write importances, plots, the audit by group and the report of the registered Scorer.

    Raises:
        MissingArtefactError, ModelNotFoundError: nothing was published or registered yet.
        UnexplainableModelError: the model's family has no exact contributions.
    """
    storage = Storage.of(settings)
    version = published_version(settings)
    registry = ModelRegistry(settings)
    registered = registry.load(settings.registry.model_alias)
    scorer, summary = registered.scorer, registry.summary(str(registered.version))
    training = training_folder(storage, scorer)

    def explain(folder: Path) -> StepResult:
        portfolio = portfolio_of(storage, scorer, version.number, training)
        importance = feature_importance(scorer.model, scorer.description.feature_names, portfolio.rows)
        importance.write_csv(folder / IMPORTANCE_FILE, float_precision=6)
        concepts = concept_importance(scorer.description.feature_names, portfolio.rows)
        concepts.write_csv(folder / CONCEPTS_FILE, float_precision=6)
        audited = audit_of_version(settings, registry, summary.run_id, scorer.description)
        if audited is not None:
            (folder / FAIRNESS_FILE).write_text(audited.model_dump_json(indent=1))
        subtitle = (
            f"{registered.name} version {registered.version} ({scorer.description.family}), explained on "
            f"{len(portfolio.accepted):,} of {portfolio.drawn_from:,} {portfolio.which}"
        )
        page = render_page(
            "What drives the score",
            subtitle,
            version.source,
            _body(
                portfolio,
                scorer,
                concepts,
                importance,
                audited,
                folder / PLOTS,
                settings.promotion.min_acceptance_ratio,
            ),
        )
        (folder / REPORT_FILE).write_text(page)
        written = {
            IMPORTANCE_FILE: importance.height,
            CONCEPTS_FILE: concepts.height,
            REPORT_FILE: None,
            PLOTS: None,
        }
        written |= _documents(
            settings, registered, portfolio, concepts, importance, audited, training, folder
        )
        return StepResult(
            rows=written | ({FAIRNESS_FILE: None} if audited else {}),
            measures=_worst_ratio(audited)
            | {
                "explained_rows": len(portfolio.accepted),
                "strongest_feature": str(importance["feature"][0]),
            },
        )

    inputs = StepInputs(
        source=version.source,
        depends_on=(
            version.fingerprint,
            version.content_hash,
            scorer.description.model_hash,
            registered.version,
            training is not None,
            settings.cost.missed_default,
            settings.promotion.min_acceptance_ratio,
        ),
        modules=(__name__,),
        artefacts=(
            Artefact(
                name=f"{registered.name} version {registered.version}", path=settings.registry.model_alias
            ),
        ),
    )
    manifest = run_step(settings, EXPLAIN_STEP, inputs, explain, force)
    _report_verdicts(settings, registry, summary)
    return manifest


def _report_verdicts(settings: Settings, registry: ModelRegistry, explained: VersionSummary) -> None:
    """Tell the promotion what the audit says of the explained version and of the one that waits in Staging."""
    file = Storage.of(settings).current(EXPLAIN_STEP) / FAIRNESS_FILE
    if file.exists():
        report_verdict(settings, registry, explained, FairnessAudit.model_validate_json(file.read_bytes()))
    for version in registry.versions():
        if STAGING in version.aliases and version.number != explained.number:
            description = registry.load_version(version.number).scorer.description
            with suppress(MissingArtefactError):  # it learned from features that are not published here
                audited = audit_of_version(settings, registry, version.run_id, description)
                if audited is not None:
                    report_verdict(settings, registry, version, audited)


def _worst_ratio(audited: FairnessAudit | None) -> dict[str, float | int | str]:
    worst = None if audited is None else audited.worst()
    return {} if worst is None else {"lowest_acceptance_ratio": round(worst[1].acceptance_ratio.value, 3)}


def _documents(
    settings: Settings,
    registered: RegisteredScorer,
    portfolio: Portfolio,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    audited: FairnessAudit | None,
    training: Path | None,
    folder: Path,
) -> dict[str, int | None]:
    """Write interpretability report and model card, if the outcomes that they speak of are known."""
    written: dict[str, int | None] = {}
    if audited is None or training is None or not portfolio.outcome_known:
        return written
    source, compared = registered.scorer.description.source, pl.read_csv(training / COMPARISON_FILE)
    for code, language in LANGUAGES.items():
        figures = figures_of(
            settings, registered, portfolio, concepts, importance, audited, compared, language
        )
        for name in DOCUMENTS:
            markdown = document(name, language, figures, source)
            for ending, text in (("md", markdown), ("html", as_page(name, markdown, language, source))):
                file = f"{name}.{code}.{ending}"
                (folder / file).write_text(text, encoding="utf-8")
                written[file] = None
    return written


def _body(
    portfolio: Portfolio,
    scorer: Scorer,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    audited: FairnessAudit | None,
    plots: Path,
    min_acceptance_ratio: float,
) -> Markup:
    # Its library takes longer to load than finding that nothing changed, so it waits for something to draw.
    from credit_scoring.explain import figures

    names = scorer.description.feature_names
    rows = portfolio.rows
    strongest = [names.index(name) for name in importance["feature"][:PERMUTED_FEATURES]]
    shown = strongest[:_SHOWN_DEPENDENCES]
    partners = [figures.strongest_partner(rows, place, strongest) for place in shown]
    drawn_plots: dict[str, tuple[Figure, str]] = {
        "concepts": (
            figures.concept_figure(concepts, concept_titles(concepts)),
            "How much each group of features moves scores; grey groups are never given as a reason",
        ),
        "importance": (figures.importance_figure(importance), "The strongest features by three measures"),
        "summary": (
            figures.summary_figure(rows, names),
            "Each point is one application; to the right, riskier; red, a high value of the feature",
        ),
        "dependence": (
            figures.dependence_figure(rows, names, shown, partners),
            "How far a feature moves the score, by its value",
        ),
    }
    told = []
    for number, story in enumerate(stories(portfolio), start=1):
        name, in_words = f"waterfall_{number}", f"waterfall_of_concepts_{number}"
        own = concept_contributions(names, rows.contributions[story.place])
        titles = [LANGUAGES["en"].names[concept] for concept in own]
        drawn_plots[in_words] = (
            figures.concept_waterfall_figure(list(own.values()), titles, float(rows.base[story.place])),
            f"{story.title}: from what the model says of nobody in particular, E[f(X)], to what it says of this "
            "client, f(x), group by group",
        )
        drawn_plots[name] = (
            figures.waterfall_figure(rows, names, story.place),
            f"{story.title}: feature by feature",
        )
        text = _text(portfolio, scorer, story.place)
        told.append(Told(title=story.title, text=text, in_words=in_words, picture=name))
    plots.mkdir()
    pictures = {name: (png(figure), caption) for name, (figure, caption) in drawn_plots.items()}
    for name, (content, _) in pictures.items():
        (plots / f"{name}.png").write_bytes(content)
    is_additive = scorer.description.family in _ADDITIVE_FAMILIES
    interactions = [(names[place], names[partner]) for place, partner in zip(shown, partners, strict=True)]
    accepted = portfolio.accepted.mean()
    lead = (
        f"The model accepts {accepted:.1%} of these applications: those whose probability of default is below "
        f"{scorer.description.threshold:.2%}."
    )
    return report_body(
        lead,
        concepts,
        importance,
        [] if is_additive else interactions,
        told,
        audited,
        pictures,
        min_acceptance_ratio,
    )


def _text(portfolio: Portfolio, scorer: Scorer, place: int) -> str:
    """A story in words: the decision, and which concepts spoke most against and for it."""
    own = concept_contributions(scorer.description.feature_names, portfolio.rows.contributions[place])
    ranked = sorted(own.items(), key=lambda item: item[1])
    names = LANGUAGES["en"].names

    def listed(chosen: list[tuple[Concept, float]]) -> str:
        return ", ".join(f"{names[concept].lower()} ({amount:+.2f})" for concept, amount in chosen)

    probability = float(portfolio.probability[place])
    decision = scorer.decision_for(probability)
    return (
        f"The model expects a default with a probability of {probability:.1%}; the threshold is "
        f"{scorer.description.threshold:.1%}, so the application is {decision.value}. Most against it: "
        f"{listed(ranked[::-1][:_TOLD_CONCEPTS])}. Most in its favour: {listed(ranked[:_TOLD_CONCEPTS])}. "
        "The figures are changes of the log-odds."
    )
