"""What training found, as a page with plots and as tables for other programs."""

from dataclasses import dataclass
from importlib.resources import files

import polars as pl
from markupsafe import Markup
from matplotlib.figure import Figure

from credit_scoring.core.html_page import picture_of_png, png, render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.thresholds import GRID, FlatRegion, by_cost_ratio, costs_at, flat_region
from credit_scoring.train import figures
from credit_scoring.train.candidates import SERVED_FAMILIES
from credit_scoring.train.cross_validation import TrainingData
from credit_scoring.train.evaluation import Comparison, Evaluation, compare, prices_of_constraints
from credit_scoring.train.tuning import Tuning

_SHOWN_METRICS = (
    "nested_cost_per_client",
    "cost_at_theoretical_threshold",
    "average_precision",
    "log_loss",
    "brier_score",
    "accuracy",
    "precision",
    "recall",
    "f1",
    "acceptance_rate",
    "return_on_investment",
)
_BODY = files(__package__).joinpath("training_report.html.jinja").read_text()


@dataclass(frozen=True)
class Findings:
    """All that a training found.

    Attributes:
        evaluations: every entrant, the cheapest first.
        comparisons: the champion against each other one.
        tuning: the study, if there was one.
        flat: thresholds around the champion's optimum that cost hardly more.
    """

    champion: Evaluation
    evaluations: list[Evaluation]
    comparisons: list[Comparison]
    flat: FlatRegion
    data: TrainingData
    tuning: Tuning | None = None


def findings(
    champion: Evaluation,
    evaluations: list[Evaluation],
    data: TrainingData,
    cost: float,
    tuning: Tuning | None = None,
) -> Findings:
    """Compare the champion with the others, on the given clients."""
    ranked = sorted(evaluations, key=lambda each: each.metrics["cost_per_client"])
    return Findings(
        champion=champion,
        evaluations=ranked,
        comparisons=compare(champion, ranked, data.default, cost),
        flat=flat_region(champion.probability, data.default, champion.threshold, cost),
        data=data,
        tuning=tuning,
    )


def plots(found: Findings, cost: float) -> dict[str, tuple[bytes, str]]:
    """Every plot as a PNG by the name of its file, with what it shows."""
    champion, default, every = found.champion, found.data.default, found.evaluations
    plain = [each for each in every if each.entrant.imbalance == "none"]
    moves = [
        (ratio, best.value, theory) for ratio, best, theory in by_cost_ratio(champion.probability, default)
    ]
    drawn: dict[str, tuple[Figure, str]] = {
        "comparison": (
            figures.comparison_figure(every, champion.name),
            "All models, the cheapest at the top",
        ),
        "cost": (figures.cost_figure(plain, champion, default, found.flat, cost), "Cost of each threshold"),
        "cost_ratio": (figures.cost_ratio_figure(moves), "Threshold and cost ratio"),
        "calibration": (
            figures.calibration_figure(every, champion, default),
            "Observed default rate by tenths of the clients; on the dotted line a probability means what it says",
        ),
        "roc": (figures.roc_figure(every, default), "Receiver operating characteristics"),
        "precision_recall": (figures.precision_recall_figure(every, default), "Precision and recall"),
        "distribution": (
            figures.distribution_figure(champion, default),
            f"Probabilities of {champion.name}, good clients and defaults",
        ),
        "confusion": (
            figures.confusion_figure(every),
            "Decisions at each model's own threshold, shares by line",
        ),
    }
    if found.tuning is not None:
        drawn["tuning"] = (
            figures.study_figure(found.tuning),
            "History of the study, and what mattered in it",
        )
    return {name: (png(figure), caption) for name, (figure, caption) in drawn.items()}


def training_report(
    found: Findings,
    pictures: dict[str, tuple[bytes, str]],
    settings: Settings,
    source: DataSource,
    subtitle: str,
) -> str:
    """HTML page of one training."""
    champion, metrics = found.champion, found.champion.metrics
    shown = {f"{name}_plot": picture_of_png(*plot) for name, plot in pictures.items()}
    margin, loss = settings.cost.interest_margin, settings.cost.loss_given_default
    body = render(
        _BODY,
        champion=champion.name,
        tuning=found.tuning,
        tuning_plot=shown.pop("tuning_plot", ""),
        cost=f"{settings.cost.missed_default:g}",
        comparison=_comparison(found),
        paired=table(
            ("model", "AUC difference", "cost per client difference", "verdict"),
            ((each.name, each.auc, each.cost, each.verdict) for each in found.comparisons),
        ),
        constraints=_constraints(found, settings.cost.missed_default),
        further=table(
            ("model", *(name.replace("_", " ") for name in _SHOWN_METRICS)),
            (
                (each.name, *(f"{each.metrics[name]:.4f}" for name in _SHOWN_METRICS))
                for each in found.evaluations
            ),
        ),
        best=f"{champion.threshold.value:.4f}",
        flat_low=f"{found.flat.low:.4f}",
        flat_high=f"{found.flat.high:.4f}",
        grid_best=f"{champion.grid_threshold.value:g} ({champion.grid_threshold.cost_per_client:.4f} per client)",
        nested=f"{metrics['nested_cost_per_client']:.4f}",
        theory=f"{metrics['cost_at_theoretical_threshold']:.4f}",
        ratio_plot=shown.pop("cost_ratio_plot"),
        recall_plot=shown.pop("precision_recall_plot"),
        ratios=table(
            ("cost ratio", "optimum", "1 / (1 + ratio)", "cost per client", "accepted"),
            (
                (
                    f"{ratio:g}",
                    f"{best.value:.4f}",
                    f"{theory:.4f}",
                    f"{best.cost_per_client:.4f}",
                    f"{best.acceptance_rate:.1%}",
                )
                for ratio, best, theory in by_cost_ratio(champion.probability, found.data.default)
            ),
        ),
        calibration=table(
            ("model", "calibration error before", "after", "Brier score before", "after"),
            ((each.name, *_calibration_cells(each)) for each in found.evaluations),
        ),
        margin=f"{margin:.1%}",
        loss=f"{loss:.1%}",
        roi=f"{metrics['return_on_investment']:.2%}",
        roi_of_all=f"{margin - (margin + loss) * metrics['default_rate']:.2%}",
        **shown,
    )
    return render_page("Training report", subtitle, source, body)


def _constraints(found: Findings, cost: float) -> Markup | None:
    """Constrained trees beside free ones; None where no constraints were asked for."""
    prices = prices_of_constraints(found.evaluations, found.data.default, cost)
    if not prices:
        return None
    return table(
        ("family", "AUC, constrained minus free", "cost per client, constrained minus free"),
        ((price.name, price.auc, price.cost) for price in prices),
    )


def _calibration_cells(each: Evaluation) -> tuple[str, ...]:
    names = ("calibration_error_before", "calibration_error", "brier_score_before", "brier_score")
    return tuple(f"{each.metrics[name]:.4f}" for name in names)


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
    """A figure above its interval; neither is broken by the edge of a column."""
    low, high = metrics[f"{name}_low"], metrics[f"{name}_high"]
    return f"{metrics[name]:.4f} [{low:.4f},\N{NO-BREAK SPACE}{high:.4f}]"


def decision(each: Evaluation, champion: Evaluation) -> str:
    """What becomes of a model, in the words of the comparison."""
    if each.name == champion.name:
        return "champion"
    if not each.entrant.candidate.is_explainable:
        return "not eligible: cannot explain a decision exactly"
    if each.entrant.candidate.family not in SERVED_FAMILIES:
        return "not eligible: the service does not carry its library"
    if each.entrant.lacks_constraints:
        return "not eligible: free where constraints are asked for"
    if not each.entrant.may_become_champion:
        return "not eligible: moved class weights"
    return "dearer than the champion"


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
                "family": each.entrant.candidate.family,
                "imbalance": each.entrant.imbalance.value,
                "grid_threshold": each.grid_threshold.value,
                "grid_cost_per_client": each.grid_threshold.cost_per_client,
                "peak_megabytes": each.peak_bytes / 1e6,
                "fitted_rows": each.fitted_rows,
                **{
                    name: value
                    for name, value in each.metrics.items()
                    if name not in ("auc", "business_cost", "threshold")
                },
            }
            for each in found.evaluations
        ]
    )


def threshold_frame(found: Findings, cost: float) -> pl.DataFrame:
    """thresholds.csv: cost per client of every model at every threshold of the grid."""
    return pl.DataFrame(
        [
            {"model": each.name, "threshold": cut, "cost_per_client": float(found_cost)}
            for each in found.evaluations
            for cut, found_cost in zip(
                GRID, costs_at(GRID, each.probability, found.data.default, cost), strict=True
            )
        ]
    )
