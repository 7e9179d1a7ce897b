"""Cost and quality of training, family by family, on the published features of a data folder.

Trains with the given budget (finished candidates of an earlier run are reused), prints a table, and with --name writes
it to docs/parts/training_<name>.md, which docs/ML_MODEL.md includes. Run with `make bench-train DATA=FOLDER`.
"""

import argparse
import json
import os
from pathlib import Path

import numpy as np
import polars as pl

from credit_scoring.core.code_commit import code_commit
from credit_scoring.core.settings import Settings
from credit_scoring.core.settings.defaults import TrainingSettings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.evaluation.auc import auc
from credit_scoring.evaluation.business_cost import client_costs
from credit_scoring.evaluation.confidence_intervals import mean_interval
from credit_scoring.explain.displayed_values import concepts_of
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_store.offline import read_version
from credit_scoring.feature_store.step import published_version
from credit_scoring.governance.version_audit import audit_of_version
from credit_scoring.model_registry.registry import ModelRegistry
from credit_scoring.scoring.artefact_names import (
    ALL_PROBABILITIES_FILE,
    COMPARISON_FILE,
    OUT_OF_FOLD_FILE,
    PARAMETERS_FILE,
    SCORER_FOLDER,
    TRAIN_STEP,
)
from credit_scoring.scoring.models import all_families
from credit_scoring.scoring.scorer import ScorerDescription, load_description
from credit_scoring.train import step
from credit_scoring.train.imbalance import Imbalance

PARTS = Path(__file__).parents[1] / "docs" / "parts"


def main() -> None:
    """Train, print the table and write it where a name is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="data folder with a published feature version")
    parser.add_argument("--budget", choices=("quick", "full"), default="quick")
    parser.add_argument("--title", default="", help="what the data is, as the heading of the table")
    parser.add_argument("--name", default="", help="write docs/parts/training_<name>.md")
    parser.add_argument("--truth", type=Path, help="true_probability.parquet of synthetic clients")
    given = parser.parse_args()
    settings = Settings(data_directory=given.data, training=TrainingSettings(budget=given.budget))
    manifest = step.run(settings)
    folder = Storage.of(settings).current(TRAIN_STEP)
    commit = code_commit(settings.code_commit)
    text = _page(folder, given.title or str(given.data), given.budget, manifest.source, commit, given.truth)
    text += f"\n{_protected_attributes(settings)}\n"
    print(text)
    if given.name:
        (PARTS / f"training_{given.name}.md").write_text(text)


def _page(folder: Path, title: str, budget: str, source: str, commit: str, truth: Path | None) -> str:
    compared = pl.read_csv(folder / COMPARISON_FILE)
    champion = compared.row(by_predicate=pl.col("decision") == "champion", named=True)
    described = load_description(folder / SCORER_FOLDER)
    synthetic = " (synthetic)" if source == "synthetic" else ""
    lines = [
        f"### {title}",
        "",
        f"{champion['clients']:,.0f} clients{synthetic}, default rate {champion['default_rate']:.2%}, budget {budget}, "
        f"{len(described.feature_names)} features, {os.cpu_count()} processors, program {described.code_version}, "
        f"commit {commit or 'unknown'}. Out of fold, 95 % intervals in brackets.",
        "",
        _final_model(folder, described),
        "",
        f"| model | AUC{synthetic} | cost per client{synthetic} | with cuts of other folds | threshold | grid | "
        "calibration error before / after | rows per fit | seconds | peak memory | decision |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row(row) for row in compared.iter_rows(named=True)),
        "",
        f"{champion['model']} accepts {champion['acceptance_rate']:.1%} of the clients: precision "
        f"{champion['precision']:.3f}, recall {champion['recall']:.3f}, F1 {champion['f1']:.3f}, accuracy "
        f"{champion['accuracy']:.3f}, average precision {champion['average_precision']:.3f}, Brier score "
        f"{champion['brier_score']:.4f}, return on investment {champion['return_on_investment']:.2%}{synthetic}.",
    ]
    lines += ["", _against_natural_weights(folder, compared)]
    if truth is not None:
        lines += ["", _against_the_truth(folder, truth, champion["auc"])]
    return "\n".join(lines) + "\n"


def _final_model(folder: Path, described: ScorerDescription) -> str:
    parameters = json.loads((folder / PARAMETERS_FILE).read_bytes())
    name, family = parameters.pop("model"), parameters.pop("family")
    values = ", ".join(
        f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in parameters.items()
    )
    return (
        f"**Final model: `{name}`** of the family {family}, fitted on all clients with {values}. It refuses from a "
        f"probability of {described.threshold:.4f}."
    )


def _against_natural_weights(folder: Path, compared: pl.DataFrame) -> str:
    """Cost of each treatment of the imbalance, and of tuned models, minus that of the same family as it is."""
    probabilities = pl.read_parquet(folder / ALL_PROBABILITIES_FILE)
    missed = Settings.model_construct().cost.missed_default
    default = probabilities["TARGET"].to_numpy()
    costs = {
        name: client_costs(probabilities[name].to_numpy() >= threshold, default, missed)
        for name, threshold in compared.select("model", "optimal_threshold").iter_rows()
    }
    differences = {
        name: f"`{name}` {mean_interval(costs[name] - costs[family]):+.4f}"
        for family in all_families()
        for name in costs
        if family in costs and name.startswith(f"{family}_")
    }
    treated = [text for name, text in differences.items() if name.endswith(tuple(f"_{one}" for one in Imbalance))]
    others = [text for text in differences.values() if text not in treated]
    text = f"Cost per client minus that of the same family with natural weights, in pairs: {'; '.join(treated)}."
    return f"{text} Minus that before tuning: {'; '.join(others)}." if others else text


def _protected_attributes(settings: Settings) -> str:
    """What protected attributes contribute, how groups are treated, and what leaving gender and age out would cost."""
    registry = ModelRegistry(settings)
    registered = registry.load(settings.registry.model_alias)
    names = registered.scorer.description.feature_names
    rows = read_version(Storage.of(settings).offline_features(), published_version(settings).number, [CLIENT, *names])
    contributions = registered.scorer.model.contributions(rows.select(names).cast(pl.Float32).to_numpy())[:, :-1]
    moved = np.abs(contributions).mean(axis=0)
    share = moved[[concept.is_protected for concept in concepts_of(names)]].sum() / moved.sum()
    run_id = registry.summary(str(registered.version)).run_id
    audit = audit_of_version(settings, registry, run_id, registered.scorer.description)
    if audit is None or audit.without_gender_and_age is None:
        return f"Features of protected concepts carry {share:.1%} of all contributions of the champion."
    price = audit.without_gender_and_age
    lowest = [
        "none" if worst is None else f"{worst.acceptance_ratio.value:.3f} ({LANGUAGES['en'].group_name(worst.group)})"
        for worst in (price.worst_with, price.worst_without)
    ]
    return (
        f"Features of protected concepts carry {share:.1%} of all contributions of the champion. Leaving out gender "
        f"and age, and the {price.features} features computed from them, costs {price.auc_lost:.4f} AUC and "
        f"{price.cost_added.times(1000):.1f} more refused good clients per 1,000 applications. The lowest acceptance "
        f"ratio is {lowest[0]} with them and {lowest[1]} without."
    )


def _row(row: dict[str, object]) -> str:
    cells = (
        f"`{row['model']}`",
        f"{row['auc']:.4f} [{row['auc_low']:.4f}, {row['auc_high']:.4f}]",
        f"{row['cost_per_client']:.4f} [{row['cost_per_client_low']:.4f}, {row['cost_per_client_high']:.4f}]",
        f"{row['nested_cost_per_client']:.4f}",
        f"{row['optimal_threshold']:.3f}",
        f"{row['grid_threshold']:g}",
        f"{row['calibration_error_before']:.4f} / {row['calibration_error']:.4f}",
        f"{row['fitted_rows']:,}",
        f"{row['training_seconds']:,.1f}",
        f"{float(str(row['peak_megabytes'])) / 1000:.1f} GB",
        str(row["decision"]),
    )
    return f"| {' | '.join(cells)} |"


def _against_the_truth(folder: Path, truth: Path, champion_auc: float) -> str:
    known = pl.read_parquet(folder / OUT_OF_FOLD_FILE, columns=["SK_ID_CURR", "TARGET"])
    chances = pl.read_parquet(truth).with_columns(pl.col("SK_ID_CURR").cast(known["SK_ID_CURR"].dtype))
    joined = known.join(chances, on="SK_ID_CURR")
    perfect = auc(joined["probability"].to_numpy(), joined["TARGET"].to_numpy())
    return (
        f"A model with the true probability of each client would reach an AUC of {perfect:.4f} (synthetic); above "
        f"one half the champion has {(champion_auc - 0.5) / (perfect - 0.5):.1%} of that."
    )


if __name__ == "__main__":
    main()
