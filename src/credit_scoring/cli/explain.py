"""What `credit-scoring explain --client` and `--decision` print."""

from typing import TYPE_CHECKING, Literal

from rich.console import Console
from rich.table import Table

from credit_scoring.core.settings import Settings

if TYPE_CHECKING:
    from credit_scoring.explain.explainer import Explanation

LanguageCode = Literal["fr", "en"]


def explain_one(settings: Settings, client: int | None, decision: str | None, language: LanguageCode) -> None:
    """Explain the decision on an ingested client, or a recorded one, and print it; nothing is recorded.

    Raises:
        MissingArtefactError: there is no such client or decision.
        UnexplainableModelError: the model's family gives no exact contributions.
    """
    from credit_scoring.batch_scoring.known_clients import ingested_application
    from credit_scoring.decisions.service import open_decision_service
    from credit_scoring.explain.explainer import explain

    application = None if client is None else ingested_application(settings, client)
    service = open_decision_service(settings)
    try:
        if application is not None:
            found, of_what = service.explained(application, client, explain), f"client {client}"
        else:
            _, found = service.explained_again(str(decision), explain)
            of_what = f"decision {decision}"
        source = service.registered.scorer.description.source
    finally:
        service.close()
    print_explanation(found, of_what, source, language)


def print_explanation(found: "Explanation", of_what: str, source: str, language: LanguageCode) -> None:
    """Print margin, probability, concepts, reasons and offers, as an officer reads them."""
    from credit_scoring.explain.texts import LANGUAGES

    words, names = found.words[language], LANGUAGES[language].names
    console = Console(soft_wrap=True, highlight=False)
    note = " (the model learned from synthetic clients)" if source == "synthetic" else ""
    console.print(f"{of_what}: {found.decision.value}{note}", style="bold", markup=False)
    console.print(
        f"margin {found.margin:+.4f} (base {found.base:+.4f}), probability of default {found.probability:.2%}, "
        f"threshold {found.threshold:.2%}"
    )
    table = Table("concept", "contribution", "beside accepted clients", "told", box=None, pad_edge=False)
    for share in found.concepts:
        told = "no" if share.withheld else "yes"
        table.add_row(names[share.concept], f"{share.contribution:+.4f}", f"{share.excess:+.4f}", told)
    console.print(table)
    for sentence in (*words.reasons, *words.offers):
        console.print(f"- {sentence}", markup=False)
    console.print(f"withheld concepts together: {found.withheld_excess:+.4f} beside accepted clients")
    if found.withheld_decides:
        console.print(LANGUAGES[language].withheld_decides, style="bold red", markup=False)
