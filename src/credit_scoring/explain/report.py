"""shap_report.html: what drives the score, on one page that a credit director reads."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import breakable, picture, png, render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.explain import plots
from credit_scoring.explain.cases import case_text, case_title, effect_rows
from credit_scoring.explain.feature_findings import LEFT_OUT, REDUNDANT_CORRELATION
from credit_scoring.explain.importance import ADDITIVE_FAMILIES, SHOWN_FEATURES, native_importance
from credit_scoring.explain.portfolio import Portfolio, example_cases
from credit_scoring.explain.portfolio_explanation import ExplainedCase, PortfolioExplanation, Selection
from credit_scoring.explain.texts import ENGLISH, LANGUAGES
from credit_scoring.explain.texts.language import Language
from credit_scoring.explain.waterfalls import concept_bars, feature_bars, waterfall_figure
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.model_registry.registry import RegisteredScorer

_SHOWN_DEPENDENCES = 6

_BODY = (files(__package__) / "shap_report.html.jinja").read_text(encoding="utf-8")


def write_report(
    folder: Path,
    registered: RegisteredScorer,
    source: DataSource,
    portfolio: Portfolio,
    explanation: PortfolioExplanation,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
) -> str:
    """The page; its plots are also written into a new folder, in the other languages into a subfolder of that name.

    Args:
        concepts: result of `concept_importance`.
        importance: result of `feature_importance`.
    """
    scorer = registered.scorer
    names, threshold = scorer.description.feature_names, scorer.description.threshold
    strongest = [names.index(name) for name in importance["feature"][: plots.PARTNERS]]
    partners = {
        feature: plots.strongest_partner(portfolio.rows, feature, strongest)
        for feature in strongest[:_SHOWN_DEPENDENCES]
    }
    shown = {}
    for language in LANGUAGES.values():
        drawn = _plots(portfolio, names, concepts, importance, explanation.cases, partners, threshold, language)
        own = plots_folder(folder, language)
        own.mkdir(parents=True, exist_ok=True)
        for name, figure in drawn.items():
            content = png(figure)
            (own / f"{name}.png").write_bytes(content)
            if language is ENGLISH:
                shown[name] = picture(content, caption_of(name, language))
    is_additive = scorer.description.family in ADDITIVE_FAMILIES
    pairs = [] if is_additive else [(names[one], names[other]) for one, other in partners.items()]
    body = render(
        _BODY,
        lead=f"The model accepts {portfolio.accepted.mean():.1%} of these applications: those whose probability of "
        f"default is below {threshold:.2%}.",
        protected=f"{concepts.filter(pl.col('protected'))['share'].sum():.0%}",
        concepts=_concept_table(concepts),
        shown=min(SHOWN_FEATURES, importance.height),
        pictures=shown,
        importance=_importance_table(importance.head(SHOWN_FEATURES)),
        native=_importance_table(native_importance(importance)),
        measured=importance["auc_loss_when_permuted"].count(),
        features=importance.height,
        interactions=_interactions(pairs),
        selection=_selection_table(explanation.selection),
        redundant_from=REDUNDANT_CORRELATION,
        pairs=table(
            ("redundant feature", "stronger feature", "correlation"),
            (
                (breakable(each.feature), breakable(each.stronger), f"{each.correlation:.3f}")
                for each in explanation.selection.pairs
            ),
        ),
        left_out=table(
            ("raw column without a feature", "why"),
            ((column, ENGLISH.left_out_reasons[reason]) for column, reason in LEFT_OUT.items()),
        ),
        cases=[
            {
                "title": case_title(case, threshold, ENGLISH),
                "text": case_text(case, threshold, ENGLISH),
                "reasons": case.reasons[ENGLISH.code],
                "effects": table(ENGLISH.effect_columns, effect_rows(case, ENGLISH)),
                "concepts": shown[f"waterfall_of_concepts_{number}"],
                "features": shown[f"waterfall_{number}"],
            }
            for number, case in enumerate(explanation.cases, start=1)
        ],
    )
    subtitle = (
        f"{registered.name} version {registered.version} ({scorer.description.family}), explained on "
        f"{len(portfolio.accepted):,} of {portfolio.drawn_from:,} {portfolio.which}"
    )
    return render_page("What drives the score", subtitle, source, body)


def plots_folder(folder: Path, language: Language) -> Path:
    """Where the plots in a language are: those in English, which the specification names, lie in the folder itself."""
    return folder if language is ENGLISH else folder / language.code


def caption_of(plot: str, language: Language) -> str:
    """Caption of a plot by the name of its file, which may end in the number of a case."""
    return language.captions[plot.rstrip("_0123456789")]


def _plots(
    portfolio: Portfolio,
    names: Sequence[str],
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    cases: Sequence[ExplainedCase],
    partners: Mapping[int, int],
    threshold: float,
    language: Language,
) -> dict[str, Figure]:
    """Every plot of the page by the name of its file."""
    rows = portfolio.rows
    drawn = {
        "concepts": plots.concept_figure(concepts, language),
        "importance": plots.importance_figure(importance, language),
        "native_importance": plots.native_importance_figure(native_importance(importance), language),
        "summary": plots.summary_figure(rows, names, language),
        "dependence": plots.dependence_figure(rows, names, list(partners), list(partners.values()), language),
    }
    for number, (row, case) in enumerate(zip(example_cases(portfolio), cases, strict=True), start=1):
        ways = {
            "waterfall_of_concepts": concept_bars(case.contributions, language),
            "waterfall": feature_bars(names, rows.contributions[row], rows.features[row], language),
        }
        for name, bars in ways.items():
            title = case_title(case, threshold, language)
            drawn[f"{name}_{number}"] = waterfall_figure(bars, case.base, title, language)
    return drawn


def _selection_table(selection: Selection) -> Markup:
    return table(
        (
            "features that",
            "number",
            "of them disclosed",
            "share of what moves scores",
            "AUC lost when all are permuted",
        ),
        (
            (
                ENGLISH.findings[group.finding],
                group.features,
                group.disclosed,
                f"{group.share:.1%}",
                _loss(group.auc_loss),
            )
            for group in selection.groups
        ),
    )


def _loss(auc_loss: float | None) -> str:
    return ENGLISH.not_measured if auc_loss is None else f"{auc_loss:+z.4f}"


def _concept_table(concepts: pl.DataFrame) -> Markup:
    columns = ("concept", "protected", "features", "mean_absolute_shap", "share", "auc_loss_when_permuted")
    return table(
        ("group", "may be disclosed", "features", "mean change", "share", "AUC lost"),
        (
            (
                ENGLISH.names[Concept(title)],
                "no" if is_protected else "yes",
                features,
                f"{moved:.3f}",
                f"{share:.1%}",
                _loss(lost),
            )
            for title, is_protected, features, moved, share, lost in concepts.select(columns).iter_rows()
        ),
    )


def _importance_table(ranked: pl.DataFrame) -> Markup:
    columns = ("feature", "meaning", "mean_absolute_shap", "native_share", "auc_loss_when_permuted")
    return table(
        ("feature", "meaning", "SHAP", "own share", "AUC lost"),
        (
            (breakable(feature), meaning, f"{shap:.4f}", f"{share:.2%}", _loss(lost))
            for feature, meaning, shap, share, lost in ranked.select(columns).iter_rows()
        ),
    )


def _interactions(interactions: Sequence[tuple[str, str]]) -> Markup:
    if not interactions:
        return render("<p>This kind of model adds the features up: there are no interactions to name.</p>")
    return table(
        ("feature", "its effect changes most with"),
        ((breakable(feature), breakable(other)) for feature, other in interactions),
    )
