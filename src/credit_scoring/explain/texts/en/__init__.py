"""English."""

from pathlib import Path

from credit_scoring.explain.texts.en import clients, documents, officers
from credit_scoring.explain.texts.language import Language

LANGUAGE = Language(
    code="en",
    decimal_mark=".",
    group_mark=",",
    percent_sign=" %",
    interval="{value}\N{NO-BREAK SPACE}[{low};\N{NO-BREAK SPACE}{high}]",
    days=("{} day", "{} days"),
    years=("{} year", "{} years"),
    times="{} times",
    adverse=clients.ADVERSE,
    favourable=clients.FAVOURABLE,
    features=clients.FEATURES,
    compared=clients.COMPARED,
    no_reason=clients.NO_REASON,
    changes=clients.CHANGES,
    offer=clients.OFFER,
    joined_by=clients.JOINED_BY,
    no_offer=clients.NO_OFFER,
    protected_terms=clients.PROTECTED_TERMS,
    names=officers.NAMES,
    legal_basis=officers.LEGAL_BASIS,
    attributes=officers.ATTRIBUTES,
    groups=officers.GROUPS,
    group=officers.GROUP,
    no_group=officers.NO_GROUP,
    protected_decides=officers.PROTECTED_DECIDES,
    documents=documents.DOCUMENTS,
    templates=Path(__file__).parent,
)
