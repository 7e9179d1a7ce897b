"""`make deliverables`: the pictures and tables that the specification lists, in one folder.

python -m scripts.delivery.deliverables RESULTS FOLDER

RESULTS is what `credit-scoring reports --collect` wrote; the rest comes from docs/pictures and monitoring/.
"""

import shutil
import sys
from pathlib import Path

from scripts.delivery.release import DeliveryError

ROOT = Path(__file__).parents[2]
PICTURES = "docs/pictures"
# By name in the folder: where each comes from, below RESULTS or, with a folder of the repository, below that.
RESULTS = {
    "1_models_comparison.png": "train/plots/comparison.png",
    "2_roc_curves.png": "train/plots/roc.png",
    "3_business_cost_by_threshold.png": "train/plots/cost.png",
    "4_feature_importance_top_30.png": "explain/plots/importance.png",
    "5_shap_summary.png": "explain/plots/summary.png",
    "6_shap_waterfall_refused.png": "explain/plots/waterfall_1.png",
    "6_shap_waterfall_accepted.png": "explain/plots/waterfall_2.png",
    "models_comparison.csv": "train/models_comparison.csv",
    "feature_importance.csv": "explain/feature_importance.csv",
    "data_quality_report.html": "validate/data_quality_report.html",
    "shap_report.html": "explain/shap_report.html",
}


def committed() -> dict[str, Path]:
    """What is in the repository: dashboards as JSON and as pictures, and the diagrams."""
    dashboards = sorted((ROOT / "monitoring" / "grafana" / "dashboards").glob("*.json"))
    found = {f"7_dashboards/{path.name}": path for path in dashboards}
    found |= {f"7_dashboards/{path.name}": path for path in sorted((ROOT / PICTURES).glob("dashboard_*.png"))}
    return found | {f"8_architecture/{path.name}": path for path in sorted((ROOT / PICTURES).glob("*.svg"))}


def collect(results: Path, folder: Path) -> list[str]:
    """Copy everything; returns the names, in order.

    Raises:
        DeliveryError: one of the results is missing.
    """
    sources = {name: results / source for name, source in RESULTS.items()} | committed()
    missing = [str(path) for path in sources.values() if not path.is_file()]
    if missing:
        raise DeliveryError(f"These results are missing: {', '.join(missing)}. Run make demo first.")
    for name, source in sources.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
    return sorted(sources)


def main() -> None:
    """Collect them, or name what is missing and end with exit code 1."""
    results, folder = map(Path, sys.argv[1:3])
    try:
        print("\n".join(str(folder / name) for name in collect(results, folder)))
    except DeliveryError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
