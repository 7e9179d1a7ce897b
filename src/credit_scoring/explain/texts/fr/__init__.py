"""French."""

from pathlib import Path

from credit_scoring.explain.texts.drift_texts import DriftTexts
from credit_scoring.explain.texts.fr import clients, documents, drift, legal_basis, officers, pictures
from credit_scoring.explain.texts.language import Language, texts_of

LANGUAGE = Language(
    code="fr",
    decimal_mark=",",
    group_mark="\N{NARROW NO-BREAK SPACE}",
    percent_sign="\N{NO-BREAK SPACE}%",
    interval="{value}\N{NO-BREAK SPACE}[{low}\N{NO-BREAK SPACE};\N{NO-BREAK SPACE}{high}]",
    is_singular=lambda number: abs(number) < 2,
    days=("{} jour", "{} jours"),
    years=("{} an", "{} ans"),
    times="{} fois",
    drift=DriftTexts(**texts_of(drift)),
    templates=Path(__file__).parent,
    typeset=documents.typeset,
    **texts_of(clients, legal_basis, officers, documents, pictures),
)
