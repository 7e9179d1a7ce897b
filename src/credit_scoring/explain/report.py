"""shap_report.html: what drives the score, on one page that a credit director reads."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import breakable, picture, png, render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.explain import plots
from credit_scoring.explain.importance import PERMUTED_FEATURES
from credit_scoring.explain.portfolio import Portfolio, example_cases
from credit_scoring.explain.portfolio_explanation import ExplainedCase, PortfolioExplanation
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.model_registry.registry import RegisteredScorer
from credit_scoring.scoring.scorer import Scorer

_SHOWN_DEPENDENCES = 6
NAMED_CONCEPTS = 3
_ADDITIVE_FAMILIES = ("logistic_regression", "scorecard")
_NAMES = LANGUAGES["en"].names

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
    """The page; its plots are also written into a new folder as PNG files.

    Args:
        concepts: result of `concept_importance`.
        importance: result of `feature_importance`.
    """
    scorer = registered.scorer
    names = scorer.description.feature_names
    strongest = [names.index(name) for name in importance["feature"][:PERMUTED_FEATURES]]
    partners = {
        feature: plots.strongest_partner(portfolio.rows, feature, strongest)
        for feature in strongest[:_SHOWN_DEPENDENCES]
    }
    drawn = _plots(portfolio, names, concepts, importance, explanation.cases, partners)
    folder.mkdir()
    pictures = {}
    for name, (figure, caption) in drawn.items():
        content = png(figure)
        (folder / f"{name}.png").write_bytes(content)
        pictures[name] = picture(content, caption)
    is_additive = scorer.description.family in _ADDITIVE_FAMILIES
    pairs = [] if is_additive else [(names[one], names[other]) for one, other in partners.items()]
    body = render(
        _BODY,
        lead=f"The model accepts {portfolio.accepted.mean():.1%} of these applications: those whose probability of "
        f"default is below {scorer.description.threshold:.2%}.",
        protected=f"{concepts.filter(pl.col('protected'))['share'].sum():.0%}",
        concepts=_concept_table(concepts),
        shown=min(plots.SHOWN_FEATURES, importance.height),
        pictures=pictures,
        importance=_importance_table(importance),
        interactions=_interactions(pairs),
        cases=[
            {
                "title": case.title,
                "text": _case_text(case, scorer),
                "concepts": pictures[f"waterfall_of_concepts_{number}"],
                "features": pictures[f"waterfall_{number}"],
            }
            for number, case in enumerate(explanation.cases, start=1)
        ],
    )
    subtitle = (
        f"{registered.name} version {registered.version} ({scorer.description.family}), explained on "
        f"{len(portfolio.accepted):,} of {portfolio.drawn_from:,} {portfolio.which}"
    )
    return render_page("What drives the score", subtitle, source, body)


def _plots(
    portfolio: Portfolio,
    names: Sequence[str],
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    cases: Sequence[ExplainedCase],
    partners: Mapping[int, int],
) -> dict[str, tuple[Figure, str]]:
    """Every plot of the page and its caption, by the name of its file."""
    drawn = {
        "concepts": (
            plots.concept_figure(concepts, _titles(concepts)),
            "How much each group of features moves scores; grey groups are never given as a reason",
        ),
        "importance": (plots.importance_figure(importance), "The strongest features by three measures"),
        "summary": (
            plots.summary_figure(portfolio.rows, names),
            "Each point is one application; to the right, riskier; red, a high value of the feature",
        ),
        "dependence": (
            plots.dependence_figure(portfolio.rows, names, list(partners), list(partners.values())),
            "How far a feature moves the score, by its value",
        ),
    }
    for number, ((_, row), case) in enumerate(zip(example_cases(portfolio), cases, strict=True), start=1):
        titles = [_NAMES[concept] for concept in case.contributions]
        base = float(portfolio.rows.base[row])
        drawn[f"waterfall_of_concepts_{number}"] = (
            plots.waterfall_figure(np.array(list(case.contributions.values())), titles, base),
            f"{case.title}: from the model's average output, E[f(X)], to this client's output, f(x), by concept",
        )
        drawn[f"waterfall_{number}"] = (
            plots.waterfall_figure(portfolio.rows.contributions[row], names, base, portfolio.rows.features[row]),
            f"{case.title}: feature by feature",
        )
    return drawn


def _case_text(case: ExplainedCase, scorer: Scorer) -> str:
    ranked = sorted(case.contributions.items(), key=lambda item: item[1])

    def listed(chosen: list[tuple[Concept, float]]) -> str:
        return ", ".join(f"{_NAMES[concept].lower()} ({amount:+.2f})" for concept, amount in chosen)

    return (
        f"The model expects a default with a probability of {case.probability:.1%}; the threshold is "
        f"{scorer.description.threshold:.1%}, so the application is {case.decision.value}. Most against it: "
        f"{listed(ranked[::-1][:NAMED_CONCEPTS])}. Most in its favour: {listed(ranked[:NAMED_CONCEPTS])}. "
        "The figures are changes of the log-odds."
    )


def _titles(concepts: pl.DataFrame) -> list[str]:
    return [_NAMES[Concept(name)] for name in concepts["concept"]]


def _concept_table(concepts: pl.DataFrame) -> Markup:
    columns = ("protected", "features", "mean_absolute_shap", "share", "auc_loss_when_permuted")
    return table(
        ("group", "may be disclosed", "features", "mean change", "share", "AUC lost"),
        (
            (
                title,
                "no" if is_protected else "yes",
                features,
                f"{moved:.3f}",
                f"{share:.1%}",
                "" if lost is None else f"{lost:+z.4f}",
            )
            for title, (is_protected, features, moved, share, lost) in zip(
                _titles(concepts), concepts.select(columns).iter_rows(), strict=True
            )
        ),
    )


def _importance_table(importance: pl.DataFrame) -> Markup:
    return table(
        ("feature", "meaning", "SHAP", "own share", "AUC lost"),
        (
            (breakable(feature), meaning, f"{shap:.4f}", f"{share:.2%}", "" if lost is None else f"{lost:+z.4f}")
            for feature, meaning, shap, share, lost in importance.head(plots.SHOWN_FEATURES).iter_rows()
        ),
    )


def _interactions(interactions: Sequence[tuple[str, str]]) -> Markup:
    if not interactions:
        return render("<p>This kind of model adds the features up: there are no interactions to name.</p>")
    return table(
        ("feature", "its effect changes most with"),
        ((breakable(feature), breakable(other)) for feature, other in interactions),
    )
