"""What reports call the groups of the audit; for officers, never for clients."""

import re

_ATTRIBUTES = {
    "en": {"gender x age": "gender and age"},
    "fr": {
        "gender": "sexe",
        "age": "âge",
        "gender x age": "sexe et âge",
        "family status": "situation de famille",
        "income type": "nature du revenu",
    },
}
_GROUPS = {
    "en": {"F": "women", "M": "men", "Single / not married": "single", "Widow": "widowed"},
    "fr": {
        "F": "femmes",
        "M": "hommes",
        "not known": "non connu",
        "Married": "marié",
        "Single / not married": "célibataire",
        "Civil marriage": "union civile",
        "Separated": "séparé",
        "Widow": "veuf",
        "Working": "salarié",
        "Commercial associate": "associé commercial",
        "Pensioner": "retraité",
        "State servant": "fonctionnaire",
        "Unemployed": "sans emploi",
        "Student": "étudiant",
        "Businessman": "chef d'entreprise",
        "Maternity leave": "congé de maternité",
    },
}
_FRENCH_AGES = (
    (r"under (\d+)", r"moins de \1 ans"),
    (r"(\d+) to (\d+)", r"\1 à \2 ans"),
    (r"(\d+) and over", r"\1 ans et plus"),
)
NO_GROUP = {"en": "no group is large enough", "fr": "aucun groupe n'est assez grand"}


def attribute_name(code: str, attribute: str) -> str:
    """What an audited attribute is called in a language."""
    return _ATTRIBUTES[code].get(attribute, attribute)


def group_name(code: str, group: str) -> str:
    """What a group is called in a language: a category, a band of ages, or both with a comma between them."""
    return ", ".join(_word(code, part) for part in group.split(", "))


def _word(code: str, part: str) -> str:
    if code == "fr":
        for pattern, french in _FRENCH_AGES:
            if re.fullmatch(pattern, part):
                return re.sub(pattern, french, part)
    return _GROUPS[code].get(part, part[:1].lower() + part[1:])


def worst_of(code: str, attribute: str, group: str) -> str:
    """A group with its attribute, as a report names it in a sentence."""
    colon = "\N{NO-BREAK SPACE}: " if code == "fr" else ": "
    return f"{attribute_name(code, attribute)}{colon}{group_name(code, group)}"
