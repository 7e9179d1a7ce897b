"""The training page shows the figures and says when they are synthetic."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from credit_scoring.train.business_cost import business_cost, cheapest_threshold
from credit_scoring.train.metrics import measure
from credit_scoring.train.report import calibration_figure, cost_figure, roc_figure, training_report

RANDOM = np.random.default_rng(0)
PROBABILITY = RANDOM.beta(1, 8, size=500)
DEFAULT = (RANDOM.random(500) < PROBABILITY).astype(np.int8)
COST = 10.0


def _curve(figure: Figure) -> tuple[np.ndarray, np.ndarray]:
    """Horizontal and vertical coordinates of the first line."""
    points = np.asarray(figure.axes[0].lines[0].get_xydata())
    return points[:, 0], points[:, 1]


@pytest.fixture
def metrics() -> dict[str, float]:
    return measure(PROBABILITY, DEFAULT, cheapest_threshold(PROBABILITY, DEFAULT, COST))


def test_the_page_holds_every_figure_and_three_plots(metrics: dict[str, float]) -> None:
    page = training_report(PROBABILITY, DEFAULT, metrics, COST, "synthetic", "LightGBM on version 3")
    for name, value in metrics.items():
        shown = f"{value:,.0f}" if name == "clients" else f"{value:.4f}"
        assert f"<td>{name.replace('_', ' ')}</td>\n<td>{shown}</td>" in page
    assert page.count("data:image/png") == 3
    assert "LightGBM on version 3" in page
    assert "Synthetic data." in page


def test_the_cost_curve_is_the_business_cost(metrics: dict[str, float]) -> None:
    figure = cost_figure(PROBABILITY, DEFAULT, metrics, COST)
    cuts, costs = _curve(figure)
    assert len(cuts) > 50
    for cut, cost in zip(cuts, costs, strict=True):
        assert cost == pytest.approx(business_cost(PROBABILITY >= cut, DEFAULT, COST) / len(DEFAULT))
    chosen = figure.axes[0].lines[1]
    assert np.asarray(chosen.get_xydata())[0, 0] == metrics["threshold"]


def test_the_roc_curve_encloses_the_auc(metrics: dict[str, float]) -> None:
    refused_good, refused_defaults = _curve(roc_figure(PROBABILITY, DEFAULT, metrics["auc"]))
    assert np.trapezoid(refused_defaults, refused_good) == pytest.approx(metrics["auc"])


def test_the_calibration_curve_shows_rates_of_tenths() -> None:
    predicted, observed = _curve(calibration_figure(PROBABILITY, DEFAULT))
    lowest = PROBABILITY <= np.quantile(PROBABILITY, 0.1)
    assert len(predicted) == 10
    assert predicted[0] == pytest.approx(PROBABILITY[lowest].mean())
    assert observed[0] == pytest.approx(DEFAULT[lowest].mean())
