"""What people read about decisions and models, in every language.

A language is a folder that holds everything in that language: a subpackage, named after its ISO 639-1 code, with a
`Language` called ``LANGUAGE`` and the templates of its documents. Adding the folder registers the language.
"""

from importlib import import_module
from pkgutil import iter_modules

from credit_scoring.explain.texts.language import Language

LENDERS_LANGUAGE = "fr"


def load_languages() -> dict[str, Language]:
    """Every language by its code; the first is that of the lender.

    Raises:
        ValueError, TypeError: a text is missing in a language; the message names it.
    """
    codes = [module.name for module in iter_modules(__path__) if module.ispkg]
    codes.sort(key=lambda code: (code != LENDERS_LANGUAGE, code))
    return {code: import_module(f"{__name__}.{code}").LANGUAGE for code in codes}


LANGUAGES = load_languages()
ENGLISH = LANGUAGES["en"]
"""Of reports and tables for engineers."""
LANGUAGE_MODULES = tuple(f"{__name__}.{code}" for code in LANGUAGES)
"""For the code fingerprint of steps that write texts: a folder scan is no import."""
