"""fairness_report.html: how decisions treat groups, and what leaving gender and age out would cost."""

from importlib.resources import files

from markupsafe import Markup

from credit_scoring.core.html_page import render, render_page, table
from credit_scoring.core.manifest import DataSource
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.evaluation.fairness import SMALLEST_GROUP, AblationCost, FairnessAudit, WorstGroup
from credit_scoring.explain.audited_groups import position_of
from credit_scoring.explain.texts import ENGLISH

_BODY = (files(__package__) / "fairness_report.html.jinja").read_text(encoding="utf-8")


def fairness_page(audit: FairnessAudit, model: str, source: DataSource, min_acceptance_ratio: float) -> str:
    """A table per attribute, and what leaving gender and age out of the inputs would cost.

    Args:
        model: name and version of the audited model.
        min_acceptance_ratio: limit of the fairness gate.
    """
    price = audit.without_gender_and_age
    body = render(
        _BODY,
        rows=f"{audit.rows:,}",
        limit=min_acceptance_ratio,
        smallest=SMALLEST_GROUP,
        worst=_worst(audit.worst(), with_interval=True),
        tables=[(ENGLISH.attributes[name].capitalize(), _group_table(audit, name)) for name in audit.attributes],
        price=None if price is None else _price_table(price),
        left_out=None if price is None else price.features,
        fitted_rows=None if price is None else f"{price.fitted_rows:,}",
    )
    return render_page("Fairness", model, source, body)


def _worst(group: WorstGroup | None, *, with_interval: bool = False) -> str:
    if group is None:
        return ENGLISH.no_group
    ratio = group.acceptance_ratio if with_interval else group.acceptance_ratio.value
    return f"{ratio:.3f} ({ENGLISH.group_of(group.attribute, group.group)})"


def _price_table(price: AblationCost) -> Markup:
    return table(
        ("figure", "with", "without", "price of leaving them out"),
        (
            (
                "area under the ROC curve",
                f"{price.auc_with:.4f}",
                f"{price.auc_without:.4f}",
                f"{price.auc_lost:+.4f} lost",
            ),
            (
                "cost per 1,000 clients, in refused good clients",
                f"{price.cost_with * 1000:.1f}",
                f"{price.cost_without * 1000:.1f}",
                f"{price.cost_added.times(1000):+.1f} more",
            ),
            ("lowest judged acceptance ratio", _worst(price.worst_with), _worst(price.worst_without), ""),
        ),
    )


def _group_table(audit: FairnessAudit, attribute: str) -> Markup:
    return table(
        (
            *("group", "clients", "accepted", "ratio to the best", "good clients accepted", "gap", "default rate"),
            "expected",
        ),
        (
            (
                ENGLISH.group_name(each.group) + ("" if each.is_judged else " (too few to judge)"),
                f"{each.clients:,}",
                f"{each.acceptance_rate:.1%}",
                _on_one_line(each.acceptance_ratio),
                "" if each.opportunity is None else f"{each.opportunity:.1%}",
                "" if each.opportunity_gap is None else _on_one_line(each.opportunity_gap),
                f"{each.default_rate:.1%}",
                f"{each.mean_probability:.1%}",
            )
            for each in sorted(audit.attributes[attribute], key=lambda audited: position_of(audited.group))
        ),
    )


def _on_one_line(interval: Interval) -> str:
    return f"{interval:.3f}".replace(" ", "\N{NO-BREAK SPACE}")
