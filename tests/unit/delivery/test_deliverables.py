"""The deliverables are complete, or the missing one is named."""

from pathlib import Path

import pytest

from scripts.delivery.deliverables import RESULTS, collect
from scripts.delivery.release import DeliveryError


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Stand-ins for the results of a demo."""
    for source in RESULTS.values():
        path = tmp_path / "results" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return tmp_path / "results"


def test_all_eight_visualisations_and_four_files_are_collected(results: Path, tmp_path: Path) -> None:
    names = collect(results, tmp_path / "deliverables")
    assert {name[0] for name in names if name[0].isdigit()} == set("12345678")
    assert {name for name in names if not name[0].isdigit()} == {
        "models_comparison.csv",
        "feature_importance.csv",
        "data_quality_report.html",
        "shap_report.html",
    }
    assert (tmp_path / "deliverables" / "shap_report.html").read_text() == "explain/shap_report.html"
    assert any(name.endswith(".json") for name in names) and any("dashboard_" in name for name in names)


def test_a_missing_result_is_named_with_the_next_step(results: Path, tmp_path: Path) -> None:
    (results / "train/plots/roc.png").unlink()
    with pytest.raises(DeliveryError, match=r"roc\.png.*make demo"):
        collect(results, tmp_path / "deliverables")
