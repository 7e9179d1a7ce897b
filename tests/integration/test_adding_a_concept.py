"""A new concept is one member, and a name for it in each language; done in a copy of the package."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import credit_scoring

PACKAGE = Path(credit_scoring.__file__).parent
SCRIPT = """
from credit_scoring.explain.texts import LANGUAGES
from credit_scoring.feature_engineering.application.arithmetic import unchanged
from credit_scoring.feature_engineering.application.feature_list import FeatureList, with_protected_concepts
from credit_scoring.feature_engineering.concepts import Concept

declared = FeatureList(Concept.SAVINGS)
declared.add("app_savings", unchanged, ("AMT_INCOME_TOTAL",), unit="currency units", meaning="Made up for a test.")
(feature,) = with_protected_concepts(declared.features)
assert not feature.definition.concept.is_protected
print(feature.definition.concept, *(language.names[Concept.SAVINGS] for language in LANGUAGES.values()))
"""


def test_a_concept_is_one_member_and_a_name_in_each_language(tmp_path: Path) -> None:
    copy = tmp_path / "credit_scoring"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    _insert(copy / "feature_engineering/concepts.py", "class Concept(StrEnum):", '    SAVINGS = "savings"')
    refused = _run(tmp_path)
    assert refused.returncode == 1
    assert "Language 'fr', names: missing or unknown ['savings']" in refused.stderr
    for code, name in (("fr", "Épargne"), ("en", "Savings")):
        _insert(copy / f"explain/texts/{code}/officers.py", "NAMES = {", f'    Concept.SAVINGS: "{name}",')
    assert _run(tmp_path).stdout.split() == ["savings", "Épargne", "Savings"]


def _insert(file: Path, after: str, line: str) -> None:
    text = file.read_text()
    assert text.count(after) == 1
    start = text.index(after) + len(after)
    if text[start:].startswith('\n    """'):
        start = text.index('"""\n', start + 8) + 3
    file.write_text(f"{text[:start]}\n{line}{text[start:]}")


def _run(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
