"""`credit-scoring drift`: compare current applications with those that the model was trained on."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer

from credit_scoring.cli.options import AsJson, Force, start
from credit_scoring.cli.output import print_result, print_summary
from credit_scoring.core.errors import DRIFT_ALARM_EXIT_CODE
from credit_scoring.core.manifest import SYNTHETIC_NOTICE
from credit_scoring.drift_detection import step
from credit_scoring.drift_detection.result import DriftResult, Finding
from credit_scoring.drift_detection.selection import LEDGER, Compared
from credit_scoring.governance.drift_history import Status

app = typer.Typer()

_DAY_FORMATS = ["%Y-%m-%d"]


def _days(text: str) -> int:
    match = re.fullmatch(r"([1-9]\d{0,3})d", text)
    if match is None:
        raise typer.BadParameter(f"{text!r} is not a number of days from 1d to 9999d")
    return int(match[1])


@app.command()
def drift(
    window: Annotated[
        str | None, typer.Option(help="Decisions of the last days (UTC), today included: 7d.", show_default="7d")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=_DAY_FORMATS, help="First day of the decisions (UTC).", show_default=False),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=_DAY_FORMATS, help="Day after the last one (UTC).", show_default="tomorrow"),
    ] = None,
    current: Annotated[
        str,
        typer.Option(
            help="ledger, NUMBER (or version:NUMBER) of a published feature version, or a CSV or Parquet file."
        ),
    ] = LEDGER,
    reference: Annotated[
        str,
        typer.Option(help="model:NUMBER or version:NUMBER.", show_default="the model of CREDIT_REGISTRY_MODEL_ALIAS"),
    ] = "",
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Compare current applications with those that the model was trained on, and estimate its performance.

    Exit code 14 says that the verdict is an alarm.
    """
    if window is not None and (since is not None or until is not None):
        raise typer.BadParameter("give it, or --since and --until", param_hint="--window")
    if until is not None and since is None:
        raise typer.BadParameter("give --since too", param_hint="--until")
    if current != LEDGER and (window or since):
        raise typer.BadParameter("only decisions of the ledger have a date", param_hint="--current")
    tomorrow = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(), UTC)
    end = tomorrow if until is None else until.replace(tzinfo=UTC)
    begin = end - timedelta(days=_days(window or "7d")) if since is None else since.replace(tzinfo=UTC)
    if end > tomorrow:
        raise typer.BadParameter(f"{end:%Y-%m-%d} is in the future", param_hint="--until")
    if begin >= end:
        raise typer.BadParameter(f"{end:%Y-%m-%d} is not after {begin:%Y-%m-%d}", param_hint="--until")
    settings = start()
    manifest = step.run(settings, force, Compared(current, reference, begin, end))
    print_summary([manifest], settings.data_directory)
    if as_json:
        found = step.last_result(settings)
        drift_of_features = {"features": len(found.features), "drifted": len(found.drifted), "score": found.score}
        print_result(_identity(found) | drift_of_features | {"findings": found.verdict.findings})
    if manifest.measures["verdict"] == Status.ALARM:
        raise typer.Exit(DRIFT_ALARM_EXIT_CODE)


@app.command()
def performance(as_json: AsJson = False) -> None:
    """Compare the model's performance in the last comparison with that of its training.

    Exit code 14 says that its verdict is an alarm because of the default rate of accepted applications.
    """
    found = step.last_result(start())
    summary = found.summary
    typer.echo(f"Model version {found.model_version}, {found.current} compared with {found.baseline}:")
    for measure in ("cost", "auc"):
        for kind in ("estimated", "expected", "measured"):
            value = getattr(summary, f"{kind}_{measure}")
            typer.echo(f"  {kind} {measure:<6}{'not known yet' if value is None else f'{value:.4f}'}")
    if found.source == "synthetic":
        typer.echo(SYNTHETIC_NOTICE[0])
    alarm = summary.status is Status.ALARM and Finding.DEFAULT_RATE in found.verdict.findings
    if as_json:
        names = ("estimated", "expected", "measured")
        figures = {f"{kind}_{of}": getattr(summary, f"{kind}_{of}") for kind in names for of in ("cost", "auc")}
        print_result(_identity(found) | figures | {"default_rate_above_expected": summary.target_drift})
    if alarm:
        raise typer.Exit(DRIFT_ALARM_EXIT_CODE)


def _identity(found: DriftResult) -> dict[str, object]:
    """What was compared, and the verdict."""
    return {
        "current": found.current,
        "baseline": found.baseline,
        "model_version": found.model_version,
        "decisions": found.decisions,
        "verdict": found.verdict.status,
    }
