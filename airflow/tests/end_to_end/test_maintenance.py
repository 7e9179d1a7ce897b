"""The maintenance DAG on an installation that is in order."""

from end_to_end.support.dag_runs import MAINTENANCE, DagRun, Runs
from end_to_end.support.scoring_platform import ScoringPlatform


def test_maintenance_cleans_checks_and_verifies_and_keeps_the_anchor_elsewhere(
    runs: Runs, approved_run: DagRun, platform: ScoringPlatform
) -> None:
    runs.unpause(MAINTENANCE)
    run = runs.start(MAINTENANCE).finished()
    assert run.state == "success", run.explain()
    assert run.states == dict.fromkeys(
        ("clean_database", "check_backup", "verify_ledger", "apply_retention"), "success"
    )
    # The smoke tests of the training made decisions.
    assert run.returned("verify_ledger")["decisions"] > 0
    (anchor,) = (platform.folder / "anchor").iterdir()
    assert anchor.read_text().strip() == run.returned("verify_ledger")["anchor"]
