"""English."""

from pathlib import Path

from credit_scoring.explain.texts.drift_texts import DriftTexts
from credit_scoring.explain.texts.en import clients, documents, drift, legal_basis, officers, pictures
from credit_scoring.explain.texts.language import Language, texts_of

LANGUAGE = Language(
    code="en",
    decimal_mark=".",
    group_mark=",",
    percent_sign="%",
    interval="{value}\N{NO-BREAK SPACE}[{low};\N{NO-BREAK SPACE}{high}]",
    is_singular=lambda number: number == 1,
    days=("{} day", "{} days"),
    years=("{} year", "{} years"),
    times="{} times",
    drift=DriftTexts(**texts_of(drift)),
    templates=Path(__file__).parent,
    **texts_of(clients, legal_basis, officers, documents, pictures),
)
