"""The model commands and the scoring of files, as a user runs them."""

from pathlib import Path

import polars as pl
import pytest

from tests.e2e.installation import Finished, Installation


def test_models_are_listed_and_shown_and_a_synthetic_one_is_not_promoted(
    first_run: Finished, installation: Installation
) -> None:
    listed = installation.run("model", "list")
    assert listed.exit_code == 0, listed.errors
    assert "staging" in listed.output
    assert "synthetic" in listed.output

    shown = installation.run("model", "show", "staging")
    assert "Probability of default" in shown.output
    assert "feature_fingerprint" in shown.output

    refused = installation.run("model", "promote", "staging", "--why", "it is new")
    assert refused.exit_code == 13
    assert "Version 1 cannot be promoted. not_synthetic" in refused.errors
    assert "Traceback" not in refused.errors

    back = installation.run("model", "rollback", "--why", "complaints")
    assert back.exit_code == 13
    assert "no earlier version" in back.errors


def test_a_promotion_is_refused_for_fairness_until_it_is_waived_in_writing(
    first_run: Finished, installation: Installation
) -> None:
    # No lender asks for equal shares in all groups; here it makes sure that the gate has something to refuse.
    strict = Installation(installation.data_directory, {"CREDIT_PROMOTION_MIN_ACCEPTANCE_RATIO": "1", "COLUMNS": "200"})
    arguments = ("--why", "a demonstration", "--by", "clerk", "--allow-synthetic")
    stale = strict.run("model", "promote", "1", *arguments)
    assert stale.exit_code == 13
    assert "audited at the limit 0.8, now 1.0 is set; run `credit-scoring audit` again" in stale.errors
    audited = strict.run("audit")
    assert audited.exit_code == 0, audited.errors
    refused = strict.run("model", "promote", "1", *arguments)
    assert refused.exit_code == 13
    assert "Version 1 cannot be promoted. fairness: " in refused.errors
    assert "below the limit 1.0" in refused.errors
    assert "--waive fairness=REASON" in refused.errors

    waiver = ("--waive", "fairness=synthetic clients, no real decisions")
    promoted = strict.run("model", "promote", "1", *arguments, *waiver)
    assert promoted.exit_code == 0, promoted.errors
    for gate in ("auc_not_worse", "calibrated", "features_served", "fast_enough"):
        assert gate in promoted.output
    assert "(waived: synthetic clients, no real decisions)" in promoted.output
    assert "Version 1 is in production (promotion 1 by clerk: a demonstration)." in promoted.output
    again = strict.run("model", "promote", "1", *arguments)
    assert "already in production" in again.output
    history = strict.run("model", "history")
    assert history.output.count("a demonstration") == 1
    assert "fairness: synthetic" in history.output


def test_a_waiver_without_a_reason_is_wrong_usage(tmp_path: Path) -> None:
    finished = Installation(tmp_path / "data").run("model", "promote", "1", "--why", "x", "--waive", "fairness")
    assert finished.exit_code == 2
    assert "GATE=REASON" in finished.errors


def test_a_file_of_applications_is_scored(
    first_run: Finished, installation: Installation, raw_tables: Path, tmp_path: Path
) -> None:
    target = tmp_path / "scores.parquet"
    source = raw_tables / "application_test.csv"
    finished = installation.run("score", "--input", str(source), "--output", str(target))
    assert finished.exit_code == 0, finished.errors
    assert "trained on synthetic data" in finished.output
    scores = pl.read_parquet(target)
    assert scores.height == pl.scan_csv(source).select(pl.len()).collect().item()
    assert scores["history_found"].all()


def test_a_tracking_server_of_its_own_is_named_instead_of_started_again(tmp_path: Path) -> None:
    address = "http://clerk:hidden@127.0.0.1:1"  # pragma: allowlist secret
    finished = Installation(tmp_path / "data", {"CREDIT_REGISTRY_TRACKING_URI": address}).run("tracking")
    assert finished.exit_code == 0, finished.errors
    assert "http://clerk:***@127.0.0.1:1" in finished.output


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("score", "--input", "nowhere.csv"), 2, "name the file for the scores"),
        (("score", "--input", "nowhere.csv", "--output", "scores.csv"), 4, "nowhere.csv does not exist."),
        (("model", "show", "9"), 9, "no version '9'"),
    ],
)
def test_a_command_that_cannot_work_says_why(
    arguments: tuple[str, ...], exit_code: int, message: str, first_run: Finished, installation: Installation
) -> None:
    finished = installation.run(*arguments)
    assert finished.exit_code == exit_code
    assert message in finished.errors
    assert "Traceback" not in finished.errors
