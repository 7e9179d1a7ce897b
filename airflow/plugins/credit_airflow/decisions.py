"""What happens next: the branches of the DAGs, as functions of what is known."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

ProductionStep = Literal["approve_production", "promote_production"]


def ignores_old_data(force_training: bool, run_type: str) -> bool:
    """Whether a run trains although the data is the one of the last ingestion: by parameter, or after a drift alarm."""
    return force_training or run_type == "asset_triggered"


def production_step(
    version: int, in_production: int | None, trained_at: datetime, run_after: datetime, require_approval: bool
) -> ProductionStep | None:
    """The way of a verified version into production; None if there is nothing to decide.

    Args:
        in_production: version behind the alias, None before the first promotion.
        trained_at: when the version was trained. A version from before this run was decided on already, or is
            promoted by hand: a training that changes nothing does not ask again.
        run_after: time from which the run was due; it stays the same when tasks are cleared.
    """
    if version == in_production or trained_at < run_after:
        return None
    return "approve_production" if require_approval else "promote_production"


def approver(approval: Mapping[str, Any] | None) -> str:
    """Who approved a promotion; ``airflow`` if no approval was required.

    Args:
        approval: the result of an ``ApprovalOperator``; None if it was skipped.
    """
    user = (approval or {}).get("responded_by_user") or {}
    return str(user.get("name") or "airflow")


def is_alarm(drift: Mapping[str, Any] | None, performance: Mapping[str, Any] | None) -> bool:
    """Whether a comparison is an alarm; a result is None if there was no comparison."""
    return any(result is not None and result["alarm"] for result in (drift, performance))


def may_request_training(alarm: bool, earlier_request: datetime | None, now: datetime, cool_down: timedelta) -> bool:
    """Whether a drift alarm starts a training: not again before the effect of the last one can be seen."""
    return alarm and (earlier_request is None or now - earlier_request >= cool_down)
