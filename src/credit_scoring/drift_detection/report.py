"""drift_report.html: what moved, since when and what to do, on one page that a credit director reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import groupby

from markupsafe import Markup

from credit_scoring.core.html_page import breakable, picture, png, render, render_page, table
from credit_scoring.drift_detection.decision_drift import Segment
from credit_scoring.drift_detection.figures import (
    features_figure,
    history_figure,
    months_figure,
    probability_figure,
)
from credit_scoring.drift_detection.moved_features import change_of
from credit_scoring.drift_detection.report_tables import calibrations, estimates, measurements, segment_row
from credit_scoring.drift_detection.result import DriftResult
from credit_scoring.drift_detection.sentences import verdict_sentences
from credit_scoring.evaluation.fairness import SMALLEST_GROUP
from credit_scoring.explain.audited_groups import ATTRIBUTES, position_of
from credit_scoring.explain.texts.language import DRIFT_PAGE, Language
from credit_scoring.governance.drift_history import DriftSummary, Status

_TONES = {Status.TOO_FEW: "quiet", Status.STABLE: "good", Status.WARNING: "warn", Status.ALARM: "bad"}
_STRONGEST_FEATURES, _SHOWN_MONTHS = 10, 24


def drift_page(
    result: DriftResult,
    earlier: Sequence[DriftSummary],
    no_evidently_page: str | None,
    languages: Mapping[str, str],
    language: Language,
) -> str:
    """The page in one language.

    Args:
        earlier: results before this one, oldest first.
        no_evidently_page: why evidently_report.html is missing, one of `NO_EVIDENTLY_PAGE`; None if it is there.
        languages: file of the page in each other language, by code.
    """
    texts, status = language.drift, result.verdict.status
    what_moved, what_to_do = verdict_sentences(result, language)
    is_compared = status is not Status.TOO_FEW
    body = render(
        (language.templates / DRIFT_PAGE).read_text(encoding="utf-8"),
        table=table,
        status=texts.statuses[status],
        tone=_TONES[status],
        what_moved=what_moved,
        what_to_do=what_to_do,
        history=earlier and picture(png(history_figure(result, earlier, language)), texts.history_caption),
        decisions=result.decisions,
        is_compared=is_compared,
        left_out=[(texts.left_out[reason], language.decimal(count, 0)) for reason, count in result.left_out.items()],
        no_evidently_page=no_evidently_page and texts.no_evidently_page[no_evidently_page],
        languages=languages.items(),
        **(_figures(result, earlier, language) if is_compared else {}),
    )
    subtitle = texts.subtitle.format(
        current=_current(result, language),
        baseline=_baseline(result, language),
        decisions=language.decimal(result.decisions, 0),
        model=f"{result.model_name} {result.model_version}",
        run_at=result.run_at.strftime(language.date_format),
    )
    # The body is safe already, and the typographical rules only replace spaces.
    typeset = Markup(language.typeset(str(body)))  # nosec B704
    return render_page(
        texts.title, language.typeset(subtitle), result.source, typeset, language.code, language.synthetic_notice
    )


def _figures(result: DriftResult, earlier: Sequence[DriftSummary], language: Language) -> dict[str, object]:
    """Everything that the page says about enough applications."""
    assert result.prediction is not None and result.overall is not None
    texts, months = language.drift, result.months[-_SHOWN_MONTHS:]
    rows = (*months, result.overall)
    measured, by_month = measurements(rows, language), measurements(months or rows, language)
    strongest = result.features[:_STRONGEST_FEATURES]
    return {
        "drifted_above": language.decimal(result.drifted_above, 2),
        "features_picture": picture(png(features_figure(strongest, language)), texts.features_caption),
        "features": [
            (
                language.feature_name(feature.name),
                breakable(feature.name),
                change_of(feature, language) if feature.index > result.drifted_above else texts.small,
                language.decimal(feature.index, 2),
                language.percent(feature.importance, 2),
                language.percent(feature.missing_before),
                language.percent(feature.missing_now),
            )
            for feature in strongest
        ],
        "has_raw_values": result.kind != "version",
        "unseen": [(name, language.decimal(count, 0)) for name, count in result.unseen_categories.items()],
        "separation": result.separation
        and language.estimate(result.separation.auc, lambda number: language.decimal(number, 3)),
        "separating": [
            (language.feature_name(name), breakable(name), language.percent(share))
            for name, share in (result.separation.features if result.separation else {}).items()
        ],
        "prediction": {
            "mean": language.percent(result.prediction.mean_probability),
            "accepted": language.percent(result.prediction.acceptance_rate),
            "accepted_before": language.percent(result.prediction.acceptance_rate_before),
            "near": language.percent(result.prediction.near_threshold),
            "index": language.decimal(result.prediction.index, 2),
        },
        "probability_picture": picture(png(probability_figure(result.prediction, language)), texts.probability_caption),
        "missed_default_cost": language.plain_number(result.missed_default_cost),
        "refused_with_outcome": result.overall.measured and result.overall.measured.refused,
        "months_picture": (picture(png(months_figure(months, language)), texts.months_caption) if months else ""),
        "estimates": estimates(rows, language),
        "measurements": measured,
        # The window repeats outcomes of the months.
        "compared": len(by_month),
        "agreeing": sum(row.comparison == texts.as_estimated for row in by_month),
        "calibrations": calibrations(rows, language),
        "expected": result.expected_default_rate and language.estimate(result.expected_default_rate, language.percent),
        "smallest": SMALLEST_GROUP,
        "segments": [
            (
                _attribute(attribute, language),
                [segment_row(segment, earlier, language) for segment in _in_order(segments)],
            )
            for attribute, segments in groupby(result.segments, key=lambda segment: segment.attribute)
        ],
    }


def _attribute(name: str, language: Language) -> str:
    text = language.drift.attributes.get(name) or language.attributes[name]
    return text[0].upper() + text[1:]


def _in_order(segments: Iterable[Segment]) -> list[Segment]:
    """The groups of an attribute in the order of all reports: the youngest come first."""
    return sorted(segments, key=lambda one: position_of(one.group) if one.attribute in ATTRIBUTES else ())


def _current(result: DriftResult, language: Language) -> str:
    texts = language.drift
    if result.since is not None and result.until is not None:
        last_day = result.until - timedelta(microseconds=1)
        return texts.ledger.format(
            since=result.since.strftime(language.date_format), until=last_day.strftime(language.date_format)
        )
    return texts.version.format(result.current.rpartition(" ")[2]) if result.kind == "version" else result.current


def _baseline(result: DriftResult, language: Language) -> str:
    kind, _, number = result.baseline.rpartition(" ")
    texts = language.drift
    return (texts.model_baseline if kind == "model version" else texts.version_baseline).format(number)
