"""A year of synthetic decisions whose outcomes arrive six months later: what the monitor says, and when.

Draws docs/pictures/label_delay.png. From April on, more applicants have a high ratio of credit to income, which the
estimate follows; from July on, the odds of a default are 1.6 times as high with the same inputs, which only outcomes
show. Run with `make label-delay`.
"""

from datetime import UTC, datetime
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from credit_scoring.core.settings import Settings
from credit_scoring.drift_detection.compare import Window, compare
from credit_scoring.drift_detection.comparison import TrackRecord
from credit_scoring.governance.drift_history import DriftSummary, Status
from tests.support.drift_world import COLUMN, RATIO, baseline, clients, outcomes, sample_of

PICTURE = Path("docs/pictures/label_delay.png")
MONTHS, DELAY_MONTHS, CLIENTS_PER_MONTH = 18, 6, 4_000
SHIFT_FROM, CHANGE_FROM = 4, 7
SHIFT, ODDS = 0.8, 1.6
_COLOURS = {Status.STABLE: "#1b7f4b", Status.WARNING: "#e0a030", Status.ALARM: "#b3261e", Status.TOO_FEW: "#999999"}
_RATIO_EFFECT = 0.6


def main() -> None:
    """Simulate month by month, print the verdicts and draw the picture."""
    parts: list[TrackRecord] = []
    history: list[DriftSummary] = []
    for month in range(1, MONTHS + 1):
        drawn = clients(CLIENTS_PER_MONTH, seed=100 + month)
        log_odds = np.log(drawn.truth / (1 - drawn.truth))
        if month >= SHIFT_FROM:
            drawn.features[:, COLUMN[RATIO]] += SHIFT
            log_odds += _RATIO_EFFECT * SHIFT
        if month >= CHANGE_FROM:
            log_odds += np.log(ODDS)
        sample = sample_of(drawn.features, outcomes(1 / (1 + np.exp(-log_odds)), seed=200 + month))
        parts.append(
            TrackRecord(
                sample.probability,
                sample.refused,
                sample.default,
                np.full(len(sample), _name(month)),
                sample.has_outcome,
            )
        )
        track = _known_in(parts, month)
        begin, end = _first_day(month), _first_day(month + 1)
        result = compare(
            baseline(), sample, track, None, Window("ledger", "ledger", begin, end, end), Settings(), history
        )
        history.append(result.summary)
        named = ", ".join(finding.value for finding in result.verdict.findings) or "nothing"
        print(f"{_name(month)}: {result.verdict.status.value} ({named})")
    _draw(_known_in(parts, MONTHS + DELAY_MONTHS), history)


def _known_in(parts: list[TrackRecord], month: int) -> TrackRecord:
    """The track record as it is known in a month."""
    defaults, new = [], []
    for number, part in enumerate(parts, 1):
        is_known = number + DELAY_MONTHS <= month
        defaults.append(part.default if is_known else np.full(len(part.default), np.nan))
        new.append(part.is_newly_known & (number + DELAY_MONTHS == month))
    joined = [np.concatenate([getattr(part, name) for part in parts]) for name in ("probability", "refused", "month")]
    return TrackRecord(joined[0], joined[1], np.concatenate(defaults), joined[2], np.concatenate(new))


def _draw(track: TrackRecord, history: list[DriftSummary]) -> None:
    months = list(range(1, MONTHS + 1))
    chosen = [(track.month == _name(month)) & ~track.refused for month in months]
    figure, (upper, lower) = plt.subplots(
        2, 1, figsize=(10, 5.4), sharex=True, height_ratios=(5, 1), layout="constrained"
    )
    upper.plot(
        months, [track.probability[rows].mean() for rows in chosen], "o-", color="#1f5fa8", label="estimated, at once"
    )
    known = months[:-DELAY_MONTHS]
    upper.plot(
        [month + DELAY_MONTHS for month in known],
        [track.default[chosen[month - 1]].mean() for month in known],
        "s",
        color="#b3261e",
        label=f"measured, {DELAY_MONTHS} months later",
    )
    upper.plot(
        months, [track.default[rows].mean() for rows in chosen], "--", color="#999999", label="what will be measured"
    )
    upper.axhline(baseline().default_rate_of_accepted, color="#444444", linewidth=0.8, label="in the training")
    for month, text in ((SHIFT_FROM, "other applicants"), (CHANGE_FROM, "other relation")):
        upper.axvline(month - 0.5, color="#888888", linewidth=0.8, linestyle=":")
        upper.annotate(text, (month - 0.4, 0.97), xycoords=("data", "axes fraction"), va="top", fontsize=9)
    upper.set_ylabel("default rate of accepted applications")
    upper.set_ylim(bottom=0)
    upper.legend(loc="lower right", fontsize=9)
    upper.set_title("Synthetic applicants: drift, a changed relation, and outcomes that arrive later", fontsize=11)
    for status, colour in _COLOURS.items():
        rows = [number for number, one in zip(months, history, strict=True) if one.status is status]
        if rows:
            lower.scatter(rows, [0] * len(rows), marker="s", s=160, color=colour, label=status.value)
    lower.set_yticks([], [])
    lower.set_xticks(months, [_name(month) for month in months], rotation=45, ha="right", fontsize=8)
    lower.set_ylabel("verdict")
    lower.legend(loc="upper left", ncols=4, fontsize=8, bbox_to_anchor=(0, 1.9), frameon=False)
    figure.savefig(PICTURE, dpi=90)


def _name(month: int) -> str:
    return f"{_first_day(month):%Y-%m}"


def _first_day(month: int) -> datetime:
    return datetime(2026 + (month - 1) // 12, (month - 1) % 12 + 1, 1, tzinfo=UTC)


if __name__ == "__main__":
    main()
