"""The pipeline as a user runs it: to the end, again, and after being killed anywhere."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.e2e.conftest import CLIENTS
from tests.e2e.installation import Finished, Installation

STEPS = ("ingest", "validate", "features", "publish", "train", "score", "explain", "audit", "drift")


def test_pipeline_scores_every_client_and_says_that_the_data_is_synthetic(
    first_run: Finished, installation: Installation
) -> None:
    scores = _scores(installation)
    assert scores.height == CLIENTS
    assert scores["probability"].is_between(0, 1, closed="none").all()
    assert set(scores["decision"]) == {"accepted", "refused"}
    assert "Synthetic data" in first_run.output
    for step in STEPS:
        assert step in first_run.output


def test_every_report_of_synthetic_clients_carries_the_word_synthetic(
    first_run: Finished, installation: Installation
) -> None:
    listed = installation.run("reports").output.splitlines()
    pages = [path for line in listed if (path := Path(line.split(maxsplit=1)[1])).suffix == ".html"]
    assert len(pages) >= 4
    for page in pages:
        text = page.read_text()
        assert ("ynthétique" if '<html lang="fr">' in text else "ynthetic") in text, page


def test_result_files_and_pictures_of_the_specification_are_collected_under_their_names(
    first_run: Finished, installation: Installation, tmp_path: Path
) -> None:
    assert installation.run("reports", "--collect", str(tmp_path)).exit_code == 0
    for name in (
        *("validate/data_quality_report.html", "train/models_comparison.csv", "explain/feature_importance.csv"),
        *("explain/shap_report.html", "train/plots/comparison.png", "train/plots/roc.png", "train/plots/cost.png"),
        *("explain/plots/importance.png", "explain/plots/summary.png"),
        *("explain/plots/waterfall_1.png", "explain/plots/waterfall_2.png"),
        *("features/feature_catalogue.html", "features/feature_catalogue.csv"),
    ):
        assert (tmp_path / name).stat().st_size > 0, name


def test_one_run_id_goes_through_all_steps(first_run: Finished) -> None:
    assert len({event["run_id"] for event in first_run.events if "step" in event}) == 1


def test_a_second_run_computes_nothing_and_says_so(
    first_run: Finished, installation: Installation, raw_tables: Path
) -> None:
    before = _scores(installation)
    second = installation.run("pipeline", "--source", str(raw_tables))
    assert second.exit_code == 0
    assert second.output.count("unchanged, nothing to do") == len(STEPS)
    assert not [event for event in second.events if event["event"] == "step started"]
    assert _scores(installation).equals(before)


@pytest.mark.slow
def test_a_run_killed_at_every_step_ends_in_the_same_result(raw_tables: Path, tmp_path: Path) -> None:
    arguments = ("pipeline", "--source", str(raw_tables))
    one_family = {"CREDIT_TRAINING_FAMILIES": "logistic_regression"}
    undisturbed = Installation(tmp_path / "undisturbed", one_family)
    killed = Installation(tmp_path / "data", one_family)
    assert undisturbed.run(*arguments).exit_code == 0
    for step in STEPS:
        assert killed.run_until_killed(*arguments, event="step started", step=step), step
        if step == "train":
            # Trained but not yet registered: the next run must register what is there, once.
            assert killed.run_until_killed(*arguments, event="step finished", step=step)
    last = killed.run(*arguments)
    assert last.exit_code == 0, last.errors
    assert last.output.count("unchanged, nothing to do") == len(STEPS) - 1

    assert _scores(killed).equals(_scores(undisturbed))
    assert _feature_version(killed) == _feature_version(undisturbed)
    # One training, one registered version and no half-written folder, wherever the run was killed.
    assert "Version 1 (" in killed.run("model", "show", "staging").output
    assert killed.run("model", "show", "2").exit_code == 9
    assert killed.run("features", "show", "1").exit_code == 6
    partial = [path for path in killed.data_directory.rglob("*") if path.name.startswith(".partial-")]
    assert partial == []


def test_a_bad_source_stops_the_run_and_leaves_the_last_good_results(
    first_run: Finished, installation: Installation, raw_tables: Path, tmp_path: Path
) -> None:
    before = _scores(installation)
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in raw_tables.glob("*.csv"):
        text = file.read_text()
        if file.name == "bureau.csv":
            lines = text.splitlines()
            fields = lines[3].split(",")
            fields[4] = "yesterday"
            lines[3] = ",".join(fields)
            text = "\n".join(lines) + "\n"
        (broken / file.name).write_text(text)
    finished = installation.run("pipeline", "--source", str(broken))
    assert finished.exit_code == 4
    assert "bureau.csv, line 4, column DAYS_CREDIT: 'yesterday' is not a number" in finished.errors
    assert "Traceback" not in finished.errors
    assert _scores(installation).equals(before)


def test_a_client_gets_a_recorded_decision_from_the_command_line(
    first_run: Finished, installation: Installation
) -> None:
    finished = installation.run("score", "--examples")
    assert finished.exit_code == 0, finished.errors
    assert ": accepted, probability of default" in finished.output
    assert ": refused, probability of default" in finished.output
    assert finished.output.count("is in the ledger") == 2


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("pipeline", "--source", "nowhere"), 4, "The source nowhere does not exist."),
        (("train",), 6, "holds no result of the step 'publish'"),
        (("score", "--client", "1"), 6, "holds no result of the step 'validate'"),
    ],
)
def test_a_command_that_cannot_work_says_what_to_do(
    arguments: tuple[str, ...], exit_code: int, message: str, tmp_path: Path
) -> None:
    finished = Installation(tmp_path / "data").run(*arguments)
    assert finished.exit_code == exit_code
    assert message in finished.errors
    assert "Traceback" not in finished.errors


def test_a_wrong_setting_is_named_before_anything_runs(tmp_path: Path, raw_tables: Path) -> None:
    installation = Installation(tmp_path / "data", {"CREDIT_TRAINING_FOLD_COUNT": "one"})
    finished = installation.run("pipeline", "--source", str(raw_tables))
    assert finished.exit_code == 3
    assert "CREDIT_TRAINING_FOLD_COUNT='one'" in finished.errors
    assert not installation.data_directory.exists()


def _scores(installation: Installation) -> pl.DataFrame:
    target = installation.data_directory.with_name("scores.parquet")
    finished = installation.run("score", "--output", str(target))
    assert finished.exit_code == 0, finished.errors
    return pl.read_parquet(target)


def _feature_version(installation: Installation) -> tuple[str, str]:
    shown = json.loads(installation.run("features", "show", "0").output)
    return shown["fingerprint"], shown["content_hash"]
