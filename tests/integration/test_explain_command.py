"""`credit-scoring explain --client` and `--decision` on a trained installation."""

import pytest
from typer.testing import CliRunner

from credit_scoring.batch_scoring.known_clients import decide_on_clients
from credit_scoring.cli import app
from credit_scoring.core.settings import Settings
from tests.integration.test_decision_service import NEW_CLIENT, ingested

__all__ = ["ingested"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_client_and_its_recorded_decision_get_the_same_explanation(
    ingested: Settings, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("CREDIT_DATA_DIRECTORY", str(ingested.data_directory))
    monkeypatch.setenv("CREDIT_BUCKET_COUNT", str(ingested.bucket_count))
    (record,) = decide_on_clients(ingested, [NEW_CLIENT])
    printed = []
    for options in (["--client", str(NEW_CLIENT)], ["--decision", record.decision_id]):
        result = CliRunner().invoke(app, ["explain", *options, "--language", language])
        assert result.exit_code == 0, result.output
        lines = result.stdout.splitlines()
        start = next(index for index, line in enumerate(lines) if line.startswith("margin "))
        assert "synthetic" in lines[start - 1]
        printed.append(lines[start:])
    assert printed[0] == printed[1]
    assert f"probability of default {record.probability:.2%}" in printed[0][0]
    assert any(line.startswith("- ") for line in printed[0])
    assert ("Sexe" if language == "fr" else "Gender") in "\n".join(printed[0])


def test_a_client_and_a_decision_at_once_are_refused() -> None:
    result = CliRunner().invoke(app, ["explain", "--client", "1", "--decision", "x"])
    assert result.exit_code == 2


def test_a_language_without_texts_is_refused_by_name() -> None:
    result = CliRunner().invoke(app, ["explain", "--client", "1", "--language", "de"])
    assert result.exit_code == 2
    assert "there are texts in fr, en" in result.output
