import re

import numpy as np
import polars as pl
import pytest

from credit_scoring.feature_engineering.catalogue import FEATURES, SECTIONS, feature_names, range_of
from credit_scoring.feature_engineering.catalogue_page import render_catalogue_page
from credit_scoring.feature_engineering.feature_distributions import BINS, distributions_of
from scripts.documentation.features import render_feature_documentation


def test_every_feature_has_one_line_with_its_meaning() -> None:
    page = render_feature_documentation()
    lines = re.findall(r"^\| `([a-z0-9_]+)` \| ([^|]+) \|", page, flags=re.MULTILINE)
    assert sorted(name for name, _ in lines) == sorted(feature_names())
    meanings = dict(lines)
    for feature in FEATURES:
        assert meanings[feature.name].startswith(feature.meaning)


def test_every_source_has_a_section() -> None:
    page = render_feature_documentation()
    assert re.findall(r"^## (.+)$", page, flags=re.MULTILINE) == list(SECTIONS.values())


def test_no_cell_contains_a_bar_that_would_break_the_table() -> None:
    rows = [line for line in render_feature_documentation().splitlines() if line.startswith("| `")]
    assert {line.count(" | ") for line in rows} == {6}


@pytest.mark.parametrize(
    ("minimum", "maximum", "text"), [(None, None, "any"), (0, None, "from 0"), (None, 1, "up to 1"), (0, 1, "0 to 1")]
)
def test_ranges_are_written_as_text(minimum: float | None, maximum: float | None, text: str) -> None:
    assert range_of(FEATURES[0].model_copy(update={"minimum": minimum, "maximum": maximum})) == text


def test_a_distribution_has_quantiles_missing_values_and_relation_to_default() -> None:
    frame = pl.DataFrame(
        {"TARGET": [1, 1, 0, 0, 1, None], "x": pl.Series([4.0, 2.0, 2.0, 1.0, None, 5.0], dtype=pl.Float32)}
    )
    (profile,) = distributions_of(frame, ["x"])
    assert profile.null_share == pytest.approx(1 / 6)
    assert profile.quantiles[0] == 1
    assert profile.quantiles[3] == 2
    assert profile.quantiles[-1] == 5
    # Four pairs of a default and another: 4 > 2, 4 > 1, 2 > 1, and 2 = 2 counts half.
    assert profile.auc == pytest.approx(3.5 / 4)
    assert profile.default_rate_if_missing == 1
    assert sum(profile.histogram) == pytest.approx(1)
    assert len(profile.histogram) == BINS


def test_a_feature_that_is_always_missing_or_constant_has_a_distribution() -> None:
    frame = pl.DataFrame(
        {
            "TARGET": [1, 0],
            "nothing": pl.Series([None, None], dtype=pl.Float32),
            "same": pl.Series([3.0, 3.0], dtype=pl.Float32),
        }
    )
    nothing, same = distributions_of(frame, ["nothing", "same"])
    assert nothing.quantiles == ()
    assert nothing.auc is None
    assert nothing.default_rate_if_missing == 0.5
    assert same.auc == 0.5
    assert max(same.histogram) == 1


def test_the_catalogue_page_names_every_feature_and_needs_no_other_file() -> None:
    values = np.random.default_rng(0).normal(size=(50, len(FEATURES))).astype(np.float32)
    frame = pl.from_numpy(values, schema=list(feature_names())).with_columns(
        (pl.int_range(50) % 2).cast(pl.Int8).alias("TARGET")
    )
    page = render_catalogue_page(FEATURES, distributions_of(frame, feature_names()), 50, "synthetic", "tables of today")
    assert page.count("<svg") == len(FEATURES)
    assert page.count("float32") == len(FEATURES)
    assert "<td>share, float32<br>" in page and "<td>as amount</td>" in page
    named = page.replace("<wbr>", "")
    assert all(f"<code>{name}</code>" in named for name in feature_names())
    assert "Synthetic data" in page
    assert not re.search(r"(src|href)=\"http", page)


def test_meanings_are_escaped_on_the_page() -> None:
    feature = FEATURES[0].model_copy(update={"meaning": "Less than <b>nothing</b>."})
    frame = pl.DataFrame({"TARGET": [1, 0], feature.name: [1.0, 2.0]})
    page = render_catalogue_page([feature], distributions_of(frame, [feature.name]), 2, "real", "tables of today")
    assert "&lt;b&gt;nothing" in page
