"""`credit-scoring explain`: the report on the model, or the explanation of one decision."""

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from credit_scoring.batch_scoring.known_clients import ingested_application
from credit_scoring.cli.options import Force, start
from credit_scoring.cli.output import print_summary
from credit_scoring.core.settings import Settings
from credit_scoring.data_contracts.column_types import MAX_IDENTIFIER
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.explain import step
from credit_scoring.explain.displayed_values import DISCLOSED
from credit_scoring.explain.explainer import ExplainedReason, Explanation
from credit_scoring.explain.explainer import explain as explain_decision
from credit_scoring.explain.reasons import ROW_COUNTS
from credit_scoring.explain.texts import LANGUAGES, LENDERS_LANGUAGE
from credit_scoring.explain.texts.language import Language
from credit_scoring.feature_engineering.concepts import Concept

app = typer.Typer()


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise typer.BadParameter(f"there are texts in {', '.join(LANGUAGES)}")
    return code


@app.command()
def explain(
    client: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_IDENTIFIER, help="Explain the decision on this client instead."),
    ] = None,
    decision: Annotated[
        str | None, typer.Option(help="Explain this recorded decision instead.", show_default=False)
    ] = None,
    language: Annotated[
        str, typer.Option(help=f"Language of the reasons: {', '.join(LANGUAGES)}.", callback=_known_language)
    ] = LENDERS_LANGUAGE,
    force: Force = False,
) -> None:
    """Report which features drive the model, or explain one decision.

    An explanation lists the reasons that may be disclosed to the client.
    """
    if client is not None and decision is not None:
        raise typer.BadParameter("give either --client or --decision")
    settings = start()
    if client is not None or decision is not None:
        _explain_one(settings, client, decision, language)
    else:
        print_summary([step.run(settings, force)], settings.data_directory)


def _explain_one(settings: Settings, client: int | None, decision: str | None, language: str) -> None:
    """Explain the decision on an ingested client, or a recorded one, and print it; nothing is recorded."""
    application = None if client is None else ingested_application(settings, client)
    with closing(open_decision_service(settings, only_recorded=decision is not None, reads_only=True)) as service:
        if application is not None:
            found, of_what = service.explain(application, client, explain_decision), f"client {client}"
        else:
            _, found = service.explain_recorded(str(decision), explain_decision)
            of_what = f"decision {decision}"
        source = service.registered.scorer.description.source
    _print_explanation(found, of_what, source, language)


def _print_explanation(found: Explanation, of_what: str, source: str, language: str) -> None:
    """Print margin, probability, concepts, reasons and offers, as an officer reads them."""
    texts, reader = found.texts[language], LANGUAGES[language]
    console = Console(soft_wrap=True, highlight=False, markup=False)
    note = " (the model learned from synthetic clients)" if source == "synthetic" else ""
    console.print(f"{of_what}: {found.decision.value}{note}", style="bold")
    console.print(
        f"margin {found.margin:+.4f} (base {found.base:+.4f}), probability of default {found.probability:.2%}, "
        f"threshold {found.threshold:.2%}"
    )
    table = Table(box=None, pad_edge=False)
    table.add_column("concept", min_width=26)
    for column in ("value", "usual", "effect", "compared with accepted clients", "disclosed"):
        table.add_column(column, max_width=10)
    figures = {reason.concept: _figures(reason, reader) for reason in found.reasons}
    for share in found.concepts:
        if share.concept is Concept.MIXED and not share.contribution:
            continue
        disclosed = "no" if share.protected else "yes"
        effect = (f"{share.contribution:+.4f}", f"{share.excess:+.4f}", disclosed)
        table.add_row(reader.names[share.concept], *figures.get(share.concept, ("", "")), *effect)
    console.print(table)
    for sentence in (*texts.reasons, *texts.offers):
        console.print(f"- {sentence}")
    console.print(f"protected concepts together: {found.protected_excess:+.4f} compared with accepted clients")
    if found.protected_decides:
        console.print(reader.protected_decides, style="bold red")


def _figures(reason: ExplainedReason, language: Language) -> tuple[str, str]:
    """The value that a reason cites, and the usual one among accepted clients; none where something is unknown."""
    if reason.feature is None or reason.value is None or reason.typical is None:
        return language.no_record if reason.unknown in ROW_COUNTS else language.no_value, ""
    unit = DISCLOSED[reason.feature].shown_as
    return language.number(unit, reason.value), language.number(unit, reason.typical)
