"""The training report shows every model, and its plots show the right figures."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from matplotlib.figure import Figure
from sklearn.metrics import confusion_matrix, precision_score

from credit_scoring.core.settings import Settings
from credit_scoring.evaluation.business_cost import GRID, by_cost_ratio, costs_at
from credit_scoring.evaluation.metrics import measure
from credit_scoring.scoring.model_family import Budget
from credit_scoring.train import evaluation, figures
from credit_scoring.train.candidates import candidates_of
from credit_scoring.train.champion import choose_champion
from credit_scoring.train.evaluation import Evaluation, Findings, compare, evaluate
from credit_scoring.train.report import comparison_frame, plots, threshold_frame, training_report
from credit_scoring.train.training_data import TrainingData
from tests.support.training_rows import small_training_data

COST = 10.0
RECORDED = {"training_seconds": 2.0, "peak_bytes": 1e9, "fitted_rows": 400}


@pytest.fixture(scope="module")
def data() -> TrainingData:
    return small_training_data(600)


@pytest.fixture(scope="module")
def evaluations(data: TrainingData) -> list[Evaluation]:
    """All candidates with made-up margins, the first one the best."""
    random = np.random.default_rng(0)
    settings = Settings()
    signal = 2.0 * data.default - 2.5
    return [
        evaluate(candidate, signal + random.normal(scale=1 + index / 4, size=600), data, settings, RECORDED)
        for index, candidate in enumerate(candidates_of(Budget.QUICK, ()))
    ]


@pytest.fixture(scope="module")
def found(evaluations: list[Evaluation], data: TrainingData) -> Findings:
    ranked = sorted(evaluations, key=lambda each: each.metrics["cost_per_client"])
    return Findings(choose_champion(evaluations), ranked, data, COST)


def curve(figure: Figure, line: int) -> tuple[np.ndarray, np.ndarray]:
    """Horizontal and vertical coordinates of a line."""
    points = np.asarray(figure.axes[0].lines[line].get_xydata())
    return points[:, 0], points[:, 1]


@pytest.mark.slow
def test_the_page_names_every_model_and_embeds_every_plot(found: Findings) -> None:
    pictures = plots(found)
    page = training_report(found, pictures, Settings(), "synthetic", "on version 3")
    for each in found.evaluations:
        assert f"<td>{each.name}</td>" in page
        assert f"{each.metrics['auc']:.4f}" in page
    assert page.count("data:image/png") == len(pictures) == 9
    assert "Synthetic data." in page
    assert "on version 3" in page


def test_the_champion_is_the_cheapest_eligible_model(found: Findings) -> None:
    frame = comparison_frame(found)
    eligible = frame.filter(~frame["decision"].str.starts_with("not eligible"))
    assert eligible["decision"].to_list()[0] == "champion"
    assert eligible["business_cost"].is_sorted()
    assert frame["business_cost"].is_sorted()
    assert frame.height == len(found.evaluations)


def test_the_comparison_starts_with_the_columns_of_the_specification(found: Findings) -> None:
    assert comparison_frame(found).columns[:6] == [
        "model",
        "auc",
        "business_cost",
        "optimal_threshold",
        "training_seconds",
        "decision",
    ]


def test_a_metric_added_to_measure_is_a_column_of_the_comparison(
    evaluations: list[Evaluation], data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_refusals(probability: np.ndarray, *others: Any) -> dict[str, float]:
        return measure(probability, *others) | {"mean_probability": float(probability.mean())}

    monkeypatch.setattr(evaluation, "measure", with_refusals)
    first = evaluations[0]
    again = evaluate(first.candidate, first.margins, data, Settings(), RECORDED)
    frame = comparison_frame(Findings(again, [again], data, COST))
    assert frame["mean_probability"].item() == pytest.approx(data.default.mean(), abs=0.01)


def test_a_clear_difference_is_distinguished_from_noise(evaluations: list[Evaluation], data: TrainingData) -> None:
    best = min(evaluations, key=lambda each: each.metrics["cost_per_client"])
    worst = max(evaluations, key=lambda each: each.metrics["cost_per_client"])
    (clear,) = compare(best, [best, worst], data.default, COST)
    assert (clear.name, clear.verdict) == (worst.name, "champion cheaper")
    (reverse,) = compare(worst, [best], data.default, COST)
    assert reverse.verdict == "champion costs more"
    assert reverse.cost.value == pytest.approx(-clear.cost.value)
    (same,) = compare(best, [replace(best, candidate=worst.candidate)], data.default, COST)
    assert same.verdict == "no difference beyond noise"


def test_the_errors_of_every_threshold_and_of_the_optimum_are_tabled_for_every_model(
    found: Findings, data: TrainingData
) -> None:
    frame = threshold_frame(found)
    for each in found.evaluations:
        own = frame.filter(frame["model"] == each.name)
        assert own["threshold"].to_list() == [*GRID, each.threshold.value]
        assert own["is_optimum"].to_list() == [False] * len(GRID) + [True]
        for row in own.iter_rows(named=True):
            refused = each.probability >= row["threshold"]
            (_, false_positives), (false_negatives, _) = confusion_matrix(data.default, refused).tolist()
            assert (row["false_negatives"], row["false_positives"]) == (false_negatives, false_positives)
            assert row["business_cost"] == COST * false_negatives + false_positives
            assert row["cost_per_client"] == pytest.approx(row["business_cost"] / len(data.default))
            assert row["acceptance_rate"] == pytest.approx(1 - refused.mean())
            if refused.any():
                assert row["precision"] == pytest.approx(precision_score(data.default, refused))
            else:
                assert row["precision"] is None
        assert own["cost_per_client"][-1] == pytest.approx(each.threshold.cost_per_client)
        assert own["cost_per_client"].min() == own["cost_per_client"][-1]


def test_the_trade_off_plot_shows_the_table_of_the_champion(found: Findings, data: TrainingData) -> None:
    table = threshold_frame(found).filter(pl.col("model") == found.champion.name).sort("threshold")
    figure = figures.trade_off_figure(found.champion, data.default, COST)
    drawn = [line for panel in figure.axes for line in panel.lines if len(np.asarray(line.get_xydata())) == len(table)]
    columns = ["false_negatives", "false_positives", "cost_per_client", "acceptance_rate", "precision"]
    for line, column in zip(drawn, columns, strict=True):
        points = np.asarray(line.get_xydata())
        np.testing.assert_allclose(points[:, 0], table["threshold"])
        np.testing.assert_allclose(points[:, 1], table[column].cast(pl.Float64).fill_null(np.nan))


def test_the_cost_curve_is_the_business_cost(found: Findings, data: TrainingData) -> None:
    figure = figures.cost_figure([found.champion], found.champion, data.default, found.flat, COST)
    cuts, costs = curve(figure, 0)
    assert costs == pytest.approx(costs_at(cuts, found.champion.probability, data.default, COST))
    star = curve(figure, 2)
    assert (star[0][0], star[1][0]) == (found.champion.threshold.value, found.champion.threshold.cost_per_client)


def test_the_roc_curve_encloses_the_auc(found: Findings, data: TrainingData) -> None:
    refused_good, refused_bad = curve(figures.roc_figure([found.champion], data.default), 0)
    assert np.trapezoid(refused_bad, refused_good) == pytest.approx(found.champion.metrics["auc"], abs=0.005)


def test_calibration_moves_observed_and_predicted_together(found: Findings, data: TrainingData) -> None:
    weighted = next(each for each in found.evaluations if each.candidate.imbalance == "class_weight")
    for each in (found.champion, weighted):
        assert each.metrics["calibration_error"] <= each.metrics["calibration_error_before"] + 0.02
        assert each.probability.mean() == pytest.approx(data.default.mean(), abs=0.01)
    figure = figures.calibration_figure([weighted], found.champion, data.default)
    assert [panel.get_title() for panel in figure.axes] == ["before calibration", "after calibration"]
    observed = np.asarray(figure.axes[1].lines[0].get_xydata())[:, 1]
    assert observed.mean() == pytest.approx(data.default.mean(), abs=0.01)


def test_the_confusion_plot_shows_all_clients_of_each_model(found: Findings) -> None:
    figure = figures.confusion_figure(found.evaluations[:5])
    shown = [panel for panel in figure.axes if panel.texts]
    assert len(shown) == 5
    for panel in shown:
        assert sum(int(text.get_text().split("\n")[0].replace(",", "")) for text in panel.texts) == 600


def test_the_cost_ratio_plot_shows_optimum_and_theory(found: Findings, data: TrainingData) -> None:
    table = [(ratio, best.value, cut) for ratio, best, cut in by_cost_ratio(found.champion.probability, data.default)]
    ratios, optima = curve(figures.cost_ratio_figure(found.champion, data.default), 0)
    assert ratios.tolist() == [ratio for ratio, _, _ in table]
    assert optima.tolist() == [best for _, best, _ in table]
