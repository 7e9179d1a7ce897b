"""The texts of the drift report in one language; the prose of its page is in `drift_report.html.jinja`."""

from collections.abc import Mapping
from dataclasses import dataclass

from credit_scoring.data_contracts.application import APPLICATION_TEST

STATUSES = ("too few", "stable", "warning", "alarm")
LEFT_OUT = ("erased", "decided by another model")
"""Why decisions are not compared."""
NO_EVIDENTLY_PAGE = ("nothing to compare", "not installed", "no training rows")
"""Why evidently_report.html is missing."""
SEGMENTS = ("client", "contract type")
SEGMENT_GROUPS = ("known", "new", *APPLICATION_TEST.column("NAME_CONTRACT_TYPE").categories)
"""Attributes and groups that the fairness audit does not have."""


@dataclass(frozen=True)
class DriftTexts:
    """A missing text is a TypeError; `Language` checks the tables.

    Attributes:
        model_baseline, version_baseline, ledger, version: what is compared, by number of the version or dates.
        since, since_comparison: the first sentence of a verdict that is not stable.
        drifted, drifted_little, none_drifted, default_rate, and_also: its parts.
        group, single, separator: features that moved, by table or concept; `unphrased_group`, `unphrased_single`: where
            the strongest has no phrase; `more_groups`: those that are not named.
        nothing, too_few: the first sentence where there is no verdict.
        missing, higher, lower, other: how a feature moved; `other` names the bin that moved furthest. `small`: it has
            not drifted.
        compare_more, keep, confirm, check_data, train_again, review, riskier: the second sentence, what to do.
        next_window: its addition before an alarm.
        category, below, exactly, from_, above, missing_bin: names of bins.
        attributes, groups: names of those that the fairness audit does not have.
        as_estimated, better, worse: a measured cost against its estimate.
    """

    title: str
    subtitle: str
    statuses: Mapping[str, str]
    model_baseline: str
    version_baseline: str
    ledger: str
    version: str
    since: str
    since_comparison: str
    drifted: str
    drifted_little: str
    none_drifted: str
    default_rate: str
    and_also: str
    group: str
    single: str
    unphrased_group: str
    unphrased_single: str
    separator: str
    more_groups: str
    nothing: str
    too_few: str
    missing: str
    higher: str
    lower: str
    other: str
    small: str
    compare_more: str
    keep: str
    confirm: str
    check_data: str
    train_again: str
    review: str
    riskier: str
    next_window: str
    category: str
    below: str
    exactly: str
    from_: str
    above: str
    missing_bin: str
    before: str
    now: str
    score: str
    estimated: str
    measured: str
    cost: str
    default_rate_of_accepted: str
    expected: str
    whole: str
    window: str
    history_caption: str
    features_caption: str
    probability_caption: str
    months_caption: str
    attributes: Mapping[str, str]
    groups: Mapping[str, str]
    few: str
    as_estimated: str
    better: str
    worse: str
    left_out: Mapping[str, str]
    no_evidently_page: Mapping[str, str]
