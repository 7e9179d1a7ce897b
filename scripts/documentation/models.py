"""docs/ML_MODEL.md, generated from the model families, the settings and the results of `make bench-train`."""

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from credit_scoring.core.settings import Settings
from credit_scoring.explain.feature_findings import LEFT_OUT, REDUNDANT_CORRELATION, LeftOutBecause
from credit_scoring.explain.importance import PERMUTED_FEATURES, SHOWN_FEATURES
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.catalogue import FEATURES
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.scoring.model_family import Budget, ModelFamily, Parameters
from credit_scoring.scoring.models import all_families
from credit_scoring.train.ablation import MAXIMUM_ROWS as MAXIMUM_ABLATION_ROWS
from credit_scoring.train.candidates import MAXIMUM_REBALANCED_ROWS, candidates_of, treatments_of
from credit_scoring.train.imbalance import Imbalance
from credit_scoring.train.tuning import MAXIMUM_ROWS
from credit_scoring.train.tuning_trials import search_space

PARTS, SELECTION_PARTS = "training_*.md", "selection_*.md"
"""Measured tables among docs/parts: of trainings, and of trainings without some features."""

_NOT_MEASURED = "_Not measured yet: `make bench-train` writes a table to `docs/parts/`._"
_TREATED = re.compile(
    rf"`\w+_({'|'.join(one for one in Imbalance if one is not Imbalance.NONE)})` \S+ \[([+-][\d.]+), ([+-][\d.]+)\]"
)
"""A treatment of the imbalance, and the interval of its cost minus that with natural weights, from `bench_train`."""
_ALL_ROWS = 10_000_000
_SHOWN_CONSTRAINED = 4


def write_model_documentation(docs: Path) -> None:
    """Write ML_MODEL.md with the measured tables of the folder ``parts``."""
    measured, selection = (
        "\n\n".join(part.read_text().strip() for part in sorted((docs / "parts").glob(pattern)))
        for pattern in (PARTS, SELECTION_PARTS)
    )
    (docs / "ML_MODEL.md").write_text(render_model_documentation(measured, selection))


def render_model_documentation(measured: str = "", selection: str = "") -> str:
    """The page as Markdown.

    Args:
        measured: Markdown of measured trainings; replaced by a placeholder if empty.
        selection: Markdown of trainings without some features.
    """
    defaults = Settings.model_construct()
    cost = defaults.cost.missed_default
    template = files(__package__).joinpath("models.md.jinja").read_text()
    # Markdown, not HTML: nothing is escaped, and all values are our own.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # nosec B701
    return environment.from_string(template).render(
        families=[_family(family) for family in all_families().values()],
        space=[row for family in all_families().values() for row in _space(family)],
        fold_count=defaults.training.fold_count,
        missed_default_cost=f"{cost:g}",
        rebalanced_rows=f"{MAXIMUM_REBALANCED_ROWS:,}",
        theory=f"{1 / (1 + cost):.3f}",
        margin=f"{defaults.cost.interest_margin:.0%}",
        loss=f"{defaults.cost.loss_given_default:.0%}",
        trials=defaults.tuning.trials,
        treatments=[_treatments(family) for family in all_families().values()],
        quick_share=f"{MAXIMUM_ROWS[Budget.QUICK]:,}",
        full_share=f"{MAXIMUM_ROWS[Budget.FULL]:,}",
        constraints=list(_constraints()),
        ablation_rows=f"{MAXIMUM_ABLATION_ROWS:,}",
        pairs=_pairs(measured),
        measured=measured or _NOT_MEASURED,
        selection=selection.replace("### ", "#### "),
        features=len(FEATURES),
        protected_features=sum(one.concept.is_protected for one in FEATURES),
        permuted=PERMUTED_FEATURES,
        shown=SHOWN_FEATURES,
        redundant_from=REDUNDANT_CORRELATION,
        left_out=_left_out(),
    )


def _family(family: ModelFamily) -> dict[str, str]:
    module = import_module(f"credit_scoring.scoring.models.{family.name}")
    why_not = candidates_of(Budget.QUICK, (family.name,))[0].ineligible_because
    meaning = (inspect.getdoc(module) or "").split("\n\n")[0].replace("\n", " ")
    return {
        "name": family.name,
        "meaning": meaning.split(": ", 1)[-1].removesuffix("."),
        "explains": "yes" if family.is_explainable else "no",
        "served": "yes" if family.is_served else "no",
        "wins": "no" if why_not else "yes",
        "quick_rows": _rows(family.maximum_rows[Budget.QUICK]),
        "full_rows": _rows(family.maximum_rows[Budget.FULL]),
        "quick": _listed(family.parameters[Budget.QUICK]),
        "full": _listed(family.parameters[Budget.FULL]),
    }


def _treatments(family: ModelFamily) -> dict[str, str]:
    by_budget = {
        budget.value: ", ".join(f"`{treatment.value}`" for treatment in treatments_of(family, budget))
        for budget in Budget
    }
    return {"name": family.name, **by_budget}


def _constraints() -> Iterator[dict[str, object]]:
    for concept in Concept:
        for direction in (-1, 1):
            own = [one.name for one in FEATURES if one.concept is concept and one.monotone == direction]
            if own:
                shown = ", ".join(f"`{name}`" for name in own[:_SHOWN_CONSTRAINED])
                yield {
                    "concept": LANGUAGES["en"].names[concept],
                    "direction": "only raises it" if direction > 0 else "only lowers it",
                    "count": len(own),
                    "features": shown + (" ..." if len(own) > _SHOWN_CONSTRAINED else ""),
                }


def _pairs(measured: str) -> dict[str, object]:
    """Treatments of the imbalance against natural weights: how many pairs, and which differ by more than chance."""
    found = [(treatment, float(low), float(high)) for treatment, low, high in _TREATED.findall(measured)]
    cheaper = Counter(treatment for treatment, _, high in found if high < 0)
    costlier = Counter(treatment for treatment, low, _ in found if low > 0)
    return {
        "count": len(found),
        "cheaper": _counted(cheaper, "costs less", "cost less"),
        "costlier": _counted(costlier, "costs more", "cost more"),
    }


def _counted(treatments: Counter[str], one: str, many: str) -> str:
    if not treatments:
        return f"none {one}"
    listed = ", ".join(f"{count} with `{treatment}`" for treatment, count in treatments.most_common())
    return f"{treatments.total()} {one if treatments.total() == 1 else many} ({listed})"


def _left_out() -> list[tuple[str, str]]:
    """Why raw columns give no feature, and the columns."""
    english = LANGUAGES["en"]
    return [
        (
            english.left_out_reasons[reason],
            ", ".join(f"`{column}`" for column, own in LEFT_OUT.items() if own is reason),
        )
        for reason in LeftOutBecause
    ]


def _space(family: ModelFamily) -> Iterator[dict[str, str]]:
    if family.suggest is None:
        return
    for name, distribution in search_space(family).items():
        attributes = json.loads(distribution)["attributes"]
        yield {
            "family": family.name,
            "name": name,
            "low": f"{attributes['low']:g}",
            "high": f"{attributes['high']:g}",
            "scale": "logarithmic" if attributes["log"] else "linear",
        }


def _rows(maximum: int) -> str:
    return "all" if maximum >= _ALL_ROWS else f"{maximum:,}"


def _listed(parameters: Parameters) -> str:
    return ", ".join(f"{name} {value}" for name, value in parameters.items())
