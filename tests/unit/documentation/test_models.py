"""docs/ML_MODEL.md says what the code does."""

import re
from pathlib import Path

import pytest

from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.scoring.model_family import Budget
from credit_scoring.scoring.models import all_families
from scripts.documentation.models import render_model_documentation, write_model_documentation

PARTS = Path(__file__).parents[3] / "docs" / "parts"
MEASURED = [part for kind in ("training", "selection") for part in sorted(PARTS.glob(f"{kind}_*.md"))]


def test_every_family_is_described_with_its_parameters() -> None:
    page = render_model_documentation()
    for name, family in all_families().items():
        assert page.count(f"| `{name}` |") >= 2
        for parameter, value in family.parameters[Budget.FULL].items():
            assert f"{parameter} {value}" in page


def test_every_searched_parameter_is_listed() -> None:
    page = render_model_documentation()
    for name in ("feature_fraction", "lambda_l2", "colsample_bytree", "l2_leaf_reg", "C"):
        assert f"`{name}`" in page


def test_measured_tables_are_included_and_their_absence_is_said(tmp_path: Path) -> None:
    write_model_documentation(tmp_path)
    assert "make bench-train` writes a table" in (tmp_path / "ML_MODEL.md").read_text()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "training_somewhere.md").write_text("### Somewhere\n")
    (tmp_path / "parts" / "selection_elsewhere.md").write_text("### Elsewhere\n")
    write_model_documentation(tmp_path)
    page = (tmp_path / "ML_MODEL.md").read_text()
    assert "\n### Somewhere\n" in page
    assert "\n#### Elsewhere\n" in page
    assert "Not measured yet" not in page


def test_every_picture_of_the_page_exists_and_is_small() -> None:
    docs = Path(__file__).parents[3] / "docs"
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", render_model_documentation())
    assert len(pictures) == 9
    for picture in pictures:
        assert (docs / picture).stat().st_size <= 300_000


def test_the_committed_page_has_the_measured_tables() -> None:
    docs = Path(__file__).parents[3] / "docs"
    page = (docs / "ML_MODEL.md").read_text()
    for part in (docs / "parts").glob("training_*.md"):
        assert part.read_text().strip() in page


def test_treatments_that_differ_by_more_than_chance_are_counted() -> None:
    measured = (
        "`scorecard_smote` +0.0764 [+0.0318, +0.1214]; `xgboost_smote` +0.0276 [+0.0066, +0.0612]; "
        "`lightgbm_class_weight` -0.0080 [-0.0130, -0.0020]; `lightgbm_scale_pos_weight` +0.0214 [-0.0002, +0.0426]. "
        "Minus that before tuning: `xgboost_tuned` -0.0322 [-0.0428, -0.0190]."
    )
    page = " ".join(render_model_documentation(measured).split())
    assert "of these 4 pairs 1 costs less (1 with `class_weight`) by more than chance" in page
    assert "2 cost more (2 with `smote`)" in page


@pytest.mark.parametrize("part", MEASURED, ids=lambda part: part.stem)
def test_a_measured_table_is_of_the_present_features_or_says_that_it_is_older(part: Path) -> None:
    text = part.read_text()
    assert f"{len(FEATURES)} features" in text or "earlier version of the program" in text
