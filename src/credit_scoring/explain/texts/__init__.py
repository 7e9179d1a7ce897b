"""The words in which clients are told: one file per language, and one that puts numbers into them."""

from credit_scoring.explain.texts.english import ENGLISH
from credit_scoring.explain.texts.french import FRENCH
from credit_scoring.explain.texts.language import Language

LANGUAGES: dict[str, Language] = {language.code: language for language in (FRENCH, ENGLISH)}
"""Every language by its code; the first is that of the lender."""
