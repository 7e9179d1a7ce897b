"""A language is one folder; a text that is missing in it is an error when it is loaded."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from credit_scoring.explain import texts
from credit_scoring.explain.audited_groups import GROUPS
from credit_scoring.explain.reasons import Reason
from credit_scoring.explain.texts import LANGUAGES, load_languages
from credit_scoring.feature_engineering.concepts import Concept
from credit_scoring.governance.documents import document
from tests.unit.governance.test_documents import FIGURES

AddLanguage = Callable[[str, str, str], None]


@pytest.fixture
def add_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddLanguage:
    """Adds a folder that is the French one with a text replaced."""

    def add(code: str, old: str, new: str) -> None:
        source = Path(texts.__file__).parent / "fr"
        shutil.copytree(source, tmp_path / code, ignore=shutil.ignore_patterns("__pycache__"))
        for file in (tmp_path / code).glob("*.py"):
            content = file.read_text().replace("texts.fr ", f"texts.{code} ").replace('"fr"', f'"{code}"')
            file.write_text(content.replace(old, new))
        monkeypatch.setattr(texts, "__path__", [*texts.__path__, str(tmp_path)])

    return add


def test_a_folder_adds_a_language(add_language: AddLanguage) -> None:
    add_language("it", '"femmes"', '"donne"')
    languages = load_languages()
    assert list(languages) == ["fr", "en", "it"]
    italian = languages["it"]
    assert italian.group_name("F, under 30") == "donne, moins de 30 ans"
    assert italian.reason(Reason(Concept.ENQUIRIES, 0.4, unknown="enquiries"))
    for name in ("model_card", "interpretability_report"):
        written = document(name, italian, FIGURES, "real")
        assert written.replace("pictures/it/", "pictures/fr/") == document(name, LANGUAGES["fr"], FIGURES, "real")


@pytest.mark.parametrize(
    ("code", "text", "table", "name"),
    [
        ("xa", '    "Widow": "veuf",\n', "groups", "Widow"),
        ("xb", '    "app_amt_credit": "montant du prêt demandé",\n', "features", "app_amt_credit"),
        ("xc", '    Concept.POSSESSIONS: "Biens",\n', "names", "possessions"),
        ("xd", '    "age": "âge",\n', "attributes", "age"),
        ("xf", '    "bureau": "Crédits auprès d\'autres prêteurs",\n', "tables", "bureau"),
        ("xg", '    "erased": "données personnelles effacées",\n', "left_out", "erased"),
    ],
)
def test_a_missing_text_is_an_error_that_names_it(
    code: str, text: str, table: str, name: str, add_language: AddLanguage
) -> None:
    add_language(code, text, "")
    with pytest.raises(ValueError, match=rf"Language '{code}', {table}: .*{name}"):
        load_languages()


@pytest.mark.parametrize(("code", "name"), [("xe", "model_card.md.jinja"), ("xh", "drift_report.html.jinja")])
def test_a_missing_template_is_an_error_that_names_it(
    code: str, name: str, add_language: AddLanguage, tmp_path: Path
) -> None:
    add_language(code, "", "")
    (tmp_path / code / name).unlink()
    with pytest.raises(ValueError, match=f"Language '{code}' lacks {name}"):
        load_languages()


def test_a_missing_text_of_the_drift_report_is_an_error_that_names_it(add_language: AddLanguage) -> None:
    add_language("xi", 'TITLE = "Dérive et performance"\n', "")
    with pytest.raises(TypeError, match="'title'"):
        load_languages()


def test_groups_have_names_in_each_language() -> None:
    english, french = LANGUAGES["en"], LANGUAGES["fr"]
    assert all(french.group_name(group) != english.group_name(group) for group in GROUPS)
    ages = [french.group_name(name) for name in ("under 30", "30 to 39", "60 and over", "not known")]
    assert ages == ["moins de 30 ans", "30 à 39 ans", "60 ans et plus", "non connu"]
    assert french.group_of("gender x age", "M, under 30") == ("sexe et âge\N{NO-BREAK SPACE}: hommes, moins de 30 ans")
    assert english.group_of("gender x age", "M, under 30") == "gender and age: men, under 30"


def test_each_language_cites_the_same_articles() -> None:
    for concept, english in LANGUAGES["en"].legal_basis.items():
        for language in LANGUAGES.values():
            cited = (sorted(re.findall(r"225-1|art\. \d+", law)) for law in (english, language.legal_basis[concept]))
            assert len(set(map(tuple, cited))) == 1, (language.code, concept)
