"""The bars of a waterfall: direction, labels, title, and how much of the way they name."""

import re
from typing import cast

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.waterfalls import (
    NAMED_SHARE,
    SINGLE_FEATURES,
    Bar,
    concept_bars,
    feature_bars,
    waterfall_figure,
)
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.concepts import Concept

NAMES = feature_names()
AMOUNTS = (0.53, -0.4, 0.011, -0.011, 0.004, -0.004, 0.0006, -0.0006, 0.00001, -0.00001, 0.0)


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_drawn_bar_points_where_its_value_points_however_short_it_is(code: str) -> None:
    figure = waterfall_figure([Bar(f"bar {amount}", amount) for amount in AMOUNTS], -2.5, "title", LANGUAGES[code])
    figure.draw_without_rendering()
    (axes,) = figure.axes
    edge = axes.transData.transform((-2.5, 0.0))[0]
    for amount, patch in zip(AMOUNTS, axes.patches, strict=True):
        # Corners of the bar in pixels, the side where it starts first.
        corners = patch.get_transform().transform(cast(Rectangle, patch).get_path().vertices)
        start, end = corners[0, 0], corners[1, 0]
        assert np.sign(end - start) == np.sign(amount)
        assert start == pytest.approx(edge, abs=0.01)
        edge = end
    assert edge == pytest.approx(axes.transData.transform((-2.5 + sum(AMOUNTS), 0.0))[0], abs=0.01)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_label_of_a_bar_has_the_sign_of_its_value_and_never_shows_a_signed_zero(code: str) -> None:
    figure = waterfall_figure([Bar("bar", amount) for amount in AMOUNTS], 0.0, "title", LANGUAGES[code])
    for amount, text in zip(AMOUNTS, figure.axes[0].texts, strict=True):
        label = text.get_text()
        if abs(amount) < 5e-5:
            assert label == "≈ 0"
        else:
            assert label[0] == ("+" if amount > 0 else "\N{MINUS SIGN}")
            assert re.search("[1-9]", label)


def test_the_title_and_the_axis_state_client_and_unit() -> None:
    figure = waterfall_figure([Bar("debts", 0.5)], -2.0, "Client 7 (defaulted): refused", LANGUAGES["en"])
    assert figure.axes[0].get_title().startswith("Client 7 (defaulted): refused\nUnit: log-odds of default")
    assert "−2.00" in figure.axes[0].get_xlabel()
    assert "−1.50" in figure.axes[0].get_xlabel()


def test_concepts_are_drawn_by_the_size_of_their_effect() -> None:
    bars = concept_bars({Concept.AGE: 0.1, Concept.EXTERNAL_SCORES: -0.4}, LANGUAGES["fr"])
    assert bars == [Bar("Scores externes", -0.4), Bar("Âge", 0.1)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("spread", [0.001, 0.05])
def test_named_bars_explain_at_least_four_fifths_of_the_way(seed: int, spread: float) -> None:
    random = np.random.default_rng(seed)
    # Many small effects, of which few stand out.
    contributions = random.normal(0.002, spread, len(NAMES))
    contributions[random.choice(len(NAMES), 5, replace=False)] += 0.1
    bars = feature_bars(NAMES, contributions, np.zeros(len(NAMES), np.float32), LANGUAGES["en"])
    total = contributions.sum()
    assert sum(bar.amount for bar in bars) == pytest.approx(total)
    named = [bar.amount for bar in bars if bar.is_named]
    unnamed = [bar.amount for bar in bars if not bar.is_named]
    assert abs(sum(named)) >= NAMED_SHARE * abs(total)
    assert np.abs(named).sum() >= NAMED_SHARE * np.abs([bar.amount for bar in bars]).sum()
    assert len(unnamed) <= 1
    assert SINGLE_FEATURES <= len(bars) <= SINGLE_FEATURES + len(set(concepts_of(NAMES))) + 1


def test_a_few_strong_features_need_no_groups() -> None:
    contributions = np.full(len(NAMES), 1e-6)
    contributions[:3] = 1.0
    bars = feature_bars(NAMES, contributions, np.zeros(len(NAMES), np.float32), LANGUAGES["en"])
    assert len(bars) == SINGLE_FEATURES + 1
    assert bars[-1].label == f"{len(NAMES) - SINGLE_FEATURES} other features"


def test_the_value_of_a_protected_feature_is_not_shown() -> None:
    names = ("app_code_gender", "app_amt_credit", "app_own_car_age")
    features = np.array([1.0, 250_000.0, np.nan], np.float32)
    bars = feature_bars(names, np.array([0.3, 0.2, 0.1]), features, LANGUAGES["fr"])
    assert [bar.label for bar in bars] == [
        "app_code_gender",
        "app_amt_credit = 250\N{NARROW NO-BREAK SPACE}000",
        "app_own_car_age = non connu",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.55543, "0.5554"),
        (12.0, "12"),
        (187_377.4, "187,377"),
        (-570.0, "\N{MINUS SIGN}570"),
        (1.2e-7, "≈ 0"),
        (0.0, "0"),
    ],
)
def test_a_value_without_a_unit_is_shown_with_four_digits_or_all_of_its_integer_ones(value: float, shown: str) -> None:
    assert LANGUAGES["en"].plain_number(value) == shown
