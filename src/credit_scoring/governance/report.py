"""shap_report.html: what drives the score, on one page that a credit director reads."""

import re
from collections.abc import Mapping, Sequence

import polars as pl
from markupsafe import Markup

from credit_scoring.core.html_page import picture_of_png, render, table
from credit_scoring.evaluation.confidence_intervals import Interval
from credit_scoring.evaluation.fairness import (
    SMALLEST_GROUP,
    FairnessAudit,
    GroupAudit,
    LeftOut,
    WorstGroup,
)
from credit_scoring.explain.concepts import Concept
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.explain.texts.groups import NO_GROUP, attribute_name, group_name, worst_of

SHOWN_FEATURES = 30

_PARTS = """
<style>.told td:nth-child(2) { min-width: 18rem; }</style>
<p>{{ lead }}</p>
<p class="quiet">How to read the figures. A score is counted in <em>log-odds</em>: +0.7 doubles the odds of a default,
-0.7 halves them. The <em>AUC</em> is the chance that a client who will default is ranked as riskier than one who will
pay: 0.5 for a coin, 1 for no mistake. <em>AUC lost</em> is how much of it goes when values are dealt out at random.</p>
<h2>What drives risk</h2>
<p>Features are grouped into what people speak of; those of a group are added up before they are weighed. Grey groups
are protected, or betray something protected: no client is ever given them as a reason. Together they carry
<strong>{{ withheld }}</strong> of what moves the score.</p>
{{ pictures.concepts }}
{{ concepts }}
<h2>The {{ shown }} strongest features</h2>
<p>Three measures, because each can mislead: how far a feature moves the score on average (SHAP), how much the model
leans on it by its own measure, and how much worse the ranking gets when its values are dealt out at random. A feature
that says what others say too can move the score and yet cost nothing when it is permuted.</p>
{{ pictures.importance }}
<div class="told">{{ importance }}</div>
<h2>Direction</h2>
{{ pictures.summary }}
<h2>Shape and interactions of the strongest</h2>
{{ pictures.dependence }}
{{ interactions }}
<h2>Two applications</h2>
{{ stories }}
{% if fairness %}<h2>Fairness</h2>{{ fairness }}{% endif %}
"""
_STORY = """<h3>{{ title }}</h3>
<p>{{ text }}</p>{{ in_words }}{{ picture }}"""
_FAIRNESS = """<p>Groups are compared on {{ rows }} applications with known outcome. An acceptance ratio below
{{ limit }} of the group that is accepted most often breaks
{{ "the four-fifths rule" if limit == 0.8 else "the limit that is set" }}. Groups under {{ smallest }}
clients are shown and not judged. Lowest judged ratio:
<strong>{{ worst }}</strong>.</p>
<p class="quiet">Good clients are those who paid; <em>gap</em> is how many more or fewer of them are accepted than in
the best group. <em>Expected</em> is the average probability of default that the model gave, beside the rate that came
true.</p>
{% for name, figures in tables %}<h3>{{ name }}</h3>{{ figures }}{% endfor %}
{% if price %}<h3>Without gender and age</h3>
<p>The same model was trained once more without gender and age and all {{ left_out }} features computed from them, on
the same folds and on {{ fitted_rows }} applications in each. Differences are of pairs, with 95 % intervals. Other
features still tell something about gender and age, so that groups need not be treated alike.</p>
{{ price }}{% endif %}"""


class Told(dict[str, str]):
    """A story as the page takes it: title, text and the names of its pictures, by concept and by feature."""


def report_body(
    lead: str,
    concepts: pl.DataFrame,
    importance: pl.DataFrame,
    interactions: Sequence[tuple[str, str]],
    stories: Sequence[Told],
    audit: FairnessAudit | None,
    pictures: Mapping[str, tuple[bytes, str]],
    min_acceptance_ratio: float,
) -> Markup:
    """The body of the page.

    Args:
        concepts: what `concept_importance` gives.
        importance: what `feature_importance` gives.
        interactions: strongest features and what each goes with; empty for a model that only adds.
        pictures: PNG and caption by name.
        min_acceptance_ratio: limit of the fairness gate.
    """
    shown = {name: picture_of_png(content, caption) for name, (content, caption) in pictures.items()}
    return render(
        _PARTS,
        lead=lead,
        withheld=f"{concepts.filter(pl.col('withheld'))['share'].sum():.0%}",
        concepts=_concept_table(concepts),
        shown=min(SHOWN_FEATURES, importance.height),
        pictures=shown,
        importance=_importance_table(importance),
        interactions=_interactions(interactions),
        stories=Markup("").join(
            render(
                _STORY,
                title=story["title"],
                text=story["text"],
                in_words=shown[story["in_words"]],
                picture=shown[story["picture"]],
            )
            for story in stories
        ),
        fairness=None if audit is None else fairness_section(audit, min_acceptance_ratio),
    )


def fairness_section(audit: FairnessAudit, min_acceptance_ratio: float) -> Markup:
    """A table per attribute, and what leaving gender and age out of the inputs would cost."""
    worst, price = audit.worst(), audit.without_gender_and_age
    return render(
        _FAIRNESS,
        rows=f"{audit.rows:,}",
        limit=min_acceptance_ratio,
        smallest=SMALLEST_GROUP,
        worst=(
            NO_GROUP["en"]
            if worst is None
            else f"{worst[1].acceptance_ratio:.3f} ({worst_of('en', worst[0], worst[1].group)})"
        ),
        tables=[
            (attribute_name("en", name).capitalize(), _group_table(audit, name)) for name in audit.attributes
        ],
        price=None if price is None else _price_table(price),
        left_out=None if price is None else price.features,
        fitted_rows=None if price is None else f"{price.fitted_rows:,}",
    )


def _price_table(price: LeftOut) -> Markup:
    def worst(group: WorstGroup | None) -> str:
        return (
            NO_GROUP["en"]
            if group is None
            else f"{group.acceptance_ratio.value:.3f} ({worst_of('en', group.attribute, group.group)})"
        )

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
            ("lowest judged acceptance ratio", worst(price.worst_with), worst(price.worst_without), ""),
        ),
    )


def _group_table(audit: FairnessAudit, attribute: str) -> Markup:
    return table(
        (
            "group",
            "clients",
            "accepted",
            "ratio to the best",
            "good clients accepted",
            "gap",
            "default rate",
            "expected",
        ),
        (
            (
                group_name("en", each.group) + ("" if each.is_judged else " (too few to judge)"),
                f"{each.clients:,}",
                f"{each.acceptance_rate:.1%}",
                _on_one_line(each.acceptance_ratio),
                "" if each.opportunity is None else f"{each.opportunity:.1%}",
                "" if each.opportunity_gap is None else _on_one_line(each.opportunity_gap),
                f"{each.default_rate:.1%}",
                f"{each.mean_probability:.1%}",
            )
            for each in sorted(audit.attributes[attribute], key=_youngest_first)
        ),
    )


def _youngest_first(group: GroupAudit) -> str:
    return re.sub(r"under \d+", "0", group.group)


def _on_one_line(interval: Interval) -> str:
    return f"{interval:.3f}".replace(" ", "\N{NO-BREAK SPACE}")


def concept_titles(concepts: pl.DataFrame) -> list[str]:
    """What a credit officer reads for each concept."""
    names = LANGUAGES["en"].names
    return [names[Concept(name)] for name in concepts["concept"]]


def _concept_table(concepts: pl.DataFrame) -> Markup:
    columns = ("withheld", "features", "mean_absolute_shap", "share", "auc_loss_when_permuted")
    return table(
        ("group", "may be told", "features", "mean change", "share", "AUC lost"),
        (
            (
                title,
                "no" if withheld else "yes",
                features,
                f"{moved:.3f}",
                f"{share:.1%}",
                "" if lost is None else f"{lost:+z.4f}",
            )
            for title, (withheld, features, moved, share, lost) in zip(
                concept_titles(concepts), concepts.select(columns).iter_rows(), strict=True
            )
        ),
    )


def _importance_table(importance: pl.DataFrame) -> Markup:
    return table(
        ("feature", "meaning", "SHAP", "own share", "AUC lost"),
        (
            (
                _breakable(feature),
                meaning,
                f"{shap:.4f}",
                f"{share:.2%}",
                "" if lost is None else f"{lost:+z.4f}",
            )
            for feature, meaning, shap, share, lost in importance.head(SHOWN_FEATURES).iter_rows()
        ),
    )


def _breakable(name: str) -> Markup:
    """A long name that may go on in the next line after each of its words."""
    return Markup("_<wbr>").join(name.split("_"))


def _interactions(interactions: Sequence[tuple[str, str]]) -> Markup:
    if not interactions:
        return render("<p>This kind of model adds the features up: there are no interactions to name.</p>")
    return table(
        ("feature", "its effect changes most with"),
        ((_breakable(feature), _breakable(other)) for feature, other in interactions),
    )
