"""The verdict in two sentences: what moved and since when; what to do."""

from credit_scoring.drift_detection.moved_features import MovedGroup, change_of, moved_groups
from credit_scoring.drift_detection.result import DriftResult, Finding
from credit_scoring.explain.texts.language import Language
from credit_scoring.governance.drift_history import Status

_NAMED_GROUPS = 3


def verdict_sentences(result: DriftResult, language: Language) -> tuple[str, str]:
    """Both sentences in a language."""
    groups = moved_groups(result.drifted, language)
    moved, to_do = _what_moved(result, groups, language), _what_to_do(result, groups, language)
    return _sentence(moved, language), _sentence(to_do, language)


def _sentence(text: str, language: Language) -> str:
    return language.typeset(f"{text[0].upper()}{text[1:]}.")


def _what_moved(result: DriftResult, groups: list[MovedGroup], language: Language) -> str:
    texts, verdict = language.drift, result.verdict
    if not result.decisions:
        return texts.nothing
    if verdict.status is Status.TOO_FEW:
        return texts.too_few.format(
            decisions=language.decimal(result.decisions, 0), minimum=language.decimal(result.min_decisions, 0)
        )
    drifted = texts.drifted if verdict.status is not Status.STABLE else texts.drifted_little
    said = (drifted if groups else texts.none_drifted).format(
        drifted=language.decimal(len(result.drifted), 0),
        features=language.decimal(len(result.features), 0),
        groups=_listed(groups, language),
    )
    if Finding.DEFAULT_RATE in verdict.findings:
        said = texts.and_also.format(default_rate=_default_rate(result, language), features=said)
    if verdict.since is None:
        return said
    since = texts.since if result.since is not None else texts.since_comparison
    return since.format(moved=said, date=verdict.since.strftime(language.date_format))


def _is_underestimated(result: DriftResult) -> bool:
    """Whether the decisions with newly known outcome cost more than the model expected of them."""
    overall = result.overall
    assert overall is not None and overall.measured is not None and overall.estimated_where_measured is not None
    return overall.measured.cost_per_client.value > overall.estimated_where_measured.cost_per_client.high


def _default_rate(result: DriftResult, language: Language) -> str:
    assert result.overall is not None and result.overall.default_rate_of_accepted is not None
    assert result.expected_default_rate is not None
    return language.drift.default_rate.format(
        rate=language.percent(result.overall.default_rate_of_accepted.value),
        low=language.percent(result.expected_default_rate.low),
        high=language.percent(result.expected_default_rate.high),
    )


def _listed(groups: list[MovedGroup], language: Language) -> str:
    texts, parts = language.drift, []
    for group in groups[:_NAMED_GROUPS]:
        strongest, is_single = group.features[0], len(group.features) == 1
        if strongest.name in language.features:
            template = texts.single if is_single else texts.group
        else:
            template = texts.unphrased_single if is_single else texts.unphrased_group
        parts.append(
            template.format(
                name=group.name,
                count=len(group.features),
                feature=language.feature_name(strongest.name),
                change=change_of(strongest, language),
            )
        )
    if others := sum(len(group.features) for group in groups[_NAMED_GROUPS:]):
        parts.append(texts.more_groups.format(count=others))
    return texts.separator.join(parts)


def _what_to_do(result: DriftResult, groups: list[MovedGroup], language: Language) -> str:
    texts, verdict = language.drift, result.verdict
    if verdict.status is Status.TOO_FEW:
        return texts.compare_more
    if verdict.status is Status.STABLE:
        return texts.confirm.format(name=groups[0].name) if groups else texts.keep
    actions = []
    if Finding.DEFAULT_RATE in verdict.findings:
        actions.append(texts.review if _is_underestimated(result) else texts.riskier)
    if groups:
        action = texts.check_data if actions or verdict.status is not Status.ALARM else texts.train_again
        actions.append(action.format(name=groups[0].name))
    action = texts.separator.join(actions)
    return (
        texts.next_window.format(action=action) if verdict.is_alarming and verdict.status is Status.WARNING else action
    )
