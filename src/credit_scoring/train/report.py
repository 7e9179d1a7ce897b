"""The results of a training as tables, plots and an HTML page."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture, png, render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.business_cost import by_cost_ratio
from credit_scoring.evaluation.metrics import FURTHER_METRICS
from credit_scoring.feature_store.offline import FeatureVersion
from credit_scoring.scoring.artefact_names import COMPARISON_FILE, PLOTS, REPORT_FILE, THRESHOLDS_FILE, TRIALS_FILE
from credit_scoring.train import figures
from credit_scoring.train.evaluation import Evaluation, Findings, compare, costs_of_constraints, threshold_outcomes
from credit_scoring.train.tuning import trials_frame

_RENAMED_OR_FIRST = ("auc", "business_cost", "threshold")
"""Metrics that the comparison shows among its first columns."""
_BODY = files(__package__).joinpath("training_report.html.jinja").read_text()


def write_report(found: Findings, settings: Settings, version: FeatureVersion, folder: Path) -> dict[str, int | None]:
    """Write the tables, the plots and the page; returns the rows of each output."""
    tables = {COMPARISON_FILE: comparison_frame(found), THRESHOLDS_FILE: threshold_frame(found)}
    if found.tuning is not None:
        tables[TRIALS_FILE] = trials_frame(found.tuning)
    for name, frame in tables.items():
        frame.write_csv(folder / name, float_precision=6)
    pictures = plots(found)
    (folder / PLOTS).mkdir()
    for name, (content, _) in pictures.items():
        (folder / PLOTS / f"{name}.png").write_bytes(content)
    subtitle = (
        f"{found.champion.name} chosen among {len(found.evaluations)} models on feature version {version.number} "
        f"({version.features} features, {len(found.data.default):,} applications), budget {settings.training.budget}"
    )
    page = training_report(found, pictures, settings, version.source, subtitle)
    (folder / REPORT_FILE).write_text(page)
    return {name: frame.height for name, frame in tables.items()} | {PLOTS: None, REPORT_FILE: None}


def plots(found: Findings) -> dict[str, tuple[bytes, str]]:
    """Every plot as a PNG by file name, with its caption."""
    champion, default, every, cost = found.champion, found.data.default, found.evaluations, found.missed_default_cost
    plain = [each for each in every if each.candidate.imbalance == "none"]
    drawn: dict[str, tuple[Figure, str]] = {
        "comparison": (figures.comparison_figure(every, champion.name), "All models, the cheapest at the top"),
        "cost": (figures.cost_figure(plain, champion, default, found.flat, cost), "Cost of each threshold"),
        "trade_off": (
            figures.trade_off_figure(champion, default, cost),
            f"What each threshold does with {champion.name}: errors, their cost, acceptances and precision",
        ),
        "cost_ratio": (figures.cost_ratio_figure(champion, default), "Threshold and cost ratio"),
        "calibration": (
            figures.calibration_figure(every, champion, default),
            "Observed default rate by tenths of the clients; the dotted line is perfect calibration",
        ),
        "roc": (figures.roc_figure(every, default), "Receiver operating characteristics"),
        "precision_recall": (figures.precision_recall_figure(every, default), "Precision and recall"),
        "distribution": (
            figures.distribution_figure(champion, default),
            f"Probabilities of {champion.name}, good clients and defaults",
        ),
        "confusion": (figures.confusion_figure(every), "Decisions at each model's own threshold, shares by line"),
    }
    if found.tuning is not None:
        drawn["tuning"] = (
            figures.tuning_figure(found.tuning),
            "History of the tuning, and the importance of each hyperparameter",
        )
    return {name: (png(figure), caption) for name, (figure, caption) in drawn.items()}


def training_report(
    found: Findings, pictures: dict[str, tuple[bytes, str]], settings: Settings, source: DataSource, subtitle: str
) -> str:
    """HTML page of one training."""
    champion, metrics, cost = found.champion, found.champion.metrics, found.missed_default_cost
    comparisons = compare(champion, found.evaluations, found.data.default, cost)
    constraints = costs_of_constraints(found.evaluations, found.data.default, cost)
    ratios = [
        (
            f"{ratio:g}",
            f"{best.value:.4f}",
            f"{theory:.4f}",
            f"{best.cost_per_client:.4f}",
            f"{best.acceptance_rate:.1%}",
        )
        for ratio, best, theory in by_cost_ratio(champion.probability, found.data.default)
    ]
    shown = {f"{name}_plot": picture(*plot) for name, plot in pictures.items()}
    margin, loss = settings.cost.interest_margin, settings.cost.loss_given_default
    body = render(
        _BODY,
        champion=champion.name,
        tuning=found.tuning,
        tuning_plot=shown.pop("tuning_plot", ""),
        cost=f"{cost:g}",
        comparison=_comparison(found),
        paired=table(
            ("model", "AUC difference", "cost per client difference", "verdict"),
            ((each.name, each.auc, each.cost, each.verdict) for each in comparisons),
        ),
        constraints=constraints
        and table(
            ("family", "AUC, constrained minus free", "cost per client, constrained minus free"),
            ((each.name, each.auc, each.cost) for each in constraints),
        ),
        further=table(
            ("model", *(name.replace("_", " ") for name in FURTHER_METRICS)), _metrics(found, FURTHER_METRICS)
        ),
        best=f"{champion.threshold.value:.4f}",
        flat_low=f"{found.flat.low:.4f}",
        flat_high=f"{found.flat.high:.4f}",
        grid_best=f"{champion.grid_threshold.value:g} ({champion.grid_threshold.cost_per_client:.4f} per client)",
        nested=f"{metrics['nested_cost_per_client']:.4f}",
        thresholds=_thresholds(champion, found),
        theory=f"{metrics['cost_at_theoretical_threshold']:.4f}",
        ratio_plot=shown.pop("cost_ratio_plot"),
        recall_plot=shown.pop("precision_recall_plot"),
        ratios=table(("cost ratio", "optimum", "1 / (1 + ratio)", "cost per client", "accepted"), ratios),
        calibration=table(
            ("model", "calibration error before", "after", "Brier score before", "after"),
            _metrics(found, ("calibration_error_before", "calibration_error", "brier_score_before", "brier_score")),
        ),
        margin=f"{margin:.1%}",
        loss=f"{loss:.1%}",
        roi=f"{metrics['return_on_investment']:.2%}",
        roi_of_all=f"{margin - (margin + loss) * metrics['default_rate']:.2%}",
        **shown,
    )
    return render_page("Training report", subtitle, source, body)


def _thresholds(champion: Evaluation, found: Findings) -> Markup:
    outcomes = threshold_outcomes(champion, found.data.default, found.missed_default_cost).sort("threshold")
    return table(
        ("threshold", "false negatives", "false positives", "cost per client", "accepted", "precision"),
        (
            (
                f"{row['threshold']:.4f}, the optimum" if row["is_optimum"] else f"{row['threshold']:.2f}",
                row["false_negatives"],
                row["false_positives"],
                f"{row['cost_per_client']:.4f}",
                f"{row['acceptance_rate']:.1%}",
                "" if row["precision"] is None else f"{row['precision']:.3f}",
            )
            for row in outcomes.iter_rows(named=True)
        ),
    )


def _metrics(found: Findings, names: Sequence[str]) -> list[tuple[str, ...]]:
    return [(each.name, *(f"{each.metrics[name]:.4f}" for name in names)) for each in found.evaluations]


def _comparison(found: Findings) -> Markup:
    return table(
        ("model", "AUC", "cost per client", "threshold", "fitted rows", "seconds", "peak memory", "decision"),
        (
            (
                each.name,
                _with_interval(each.metrics, "auc"),
                _with_interval(each.metrics, "cost_per_client"),
                f"{each.threshold.value:.4f}",
                f"{each.fitted_rows:,}",
                f"{each.training_seconds:,.1f}",
                f"{each.peak_bytes / 1e9:.1f} GB",
                decision(each, found.champion),
            )
            for each in found.evaluations
        ),
    )


def _with_interval(metrics: dict[str, float], name: str) -> str:
    """A figure above its interval; the no-break space keeps a narrow column from splitting the interval."""
    low, high = metrics[f"{name}_low"], metrics[f"{name}_high"]
    return f"{metrics[name]:.4f} [{low:.4f},\N{NO-BREAK SPACE}{high:.4f}]"


def decision(each: Evaluation, champion: Evaluation) -> str:
    """The outcome of a model in the comparison."""
    if each.name == champion.name:
        return "champion"
    if each.candidate.ineligible_because is not None:
        return f"not eligible: {each.candidate.ineligible_because}"
    return "costs more than the champion"


def comparison_frame(found: Findings) -> pl.DataFrame:
    """models_comparison.csv: one row per model, the cheapest first."""
    return pl.DataFrame(
        [
            {
                "model": each.name,
                "auc": each.metrics["auc"],
                "business_cost": each.metrics["business_cost"],
                "optimal_threshold": each.threshold.value,
                "training_seconds": each.training_seconds,
                "decision": decision(each, found.champion),
                "family": each.candidate.family.name,
                "imbalance": each.candidate.imbalance.value,
                "grid_threshold": each.grid_threshold.value,
                "grid_cost_per_client": each.grid_threshold.cost_per_client,
                "peak_megabytes": each.peak_bytes / 1e6,
                "fitted_rows": each.fitted_rows,
                **{name: value for name, value in each.metrics.items() if name not in _RENAMED_OR_FIRST},
            }
            for each in found.evaluations
        ]
    )


def threshold_frame(found: Findings) -> pl.DataFrame:
    """thresholds.csv: what every model does at every threshold of the grid, and at its exact optimum."""
    return pl.concat(
        [threshold_outcomes(each, found.data.default, found.missed_default_cost) for each in found.evaluations]
    )
