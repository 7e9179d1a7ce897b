"""Published feature versions through the command line."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from tests.e2e.conftest import CLIENTS
from tests.e2e.installation import Finished, Installation


def test_the_published_version_is_listed_shown_and_tagged(first_run: Finished, installation: Installation) -> None:
    assert installation.run("features", "tag", "0", "first").exit_code == 0
    listed = installation.run("features", "list")
    assert "synthetic" in listed.output
    assert "first" in listed.output
    shown = _shown(installation, "first")
    assert shown["rows"] == CLIENTS
    assert shown["features"] > 600
    assert shown["tags"] == ["first"]
    assert shown["bytes"] > 100_000
    assert {Path(document).suffix for document in shown["documents"]} == {".csv", ".html"}


def test_an_export_holds_all_features_of_every_client(
    first_run: Finished, installation: Installation, tmp_path: Path
) -> None:
    out = tmp_path / "frame.parquet"
    finished = installation.run("features", "export", "--output", str(out))
    assert finished.exit_code == 0, finished.errors
    assert "synthetic" in finished.output
    exported = pl.read_parquet(out)
    assert exported.columns[:2] == ["SK_ID_CURR", "TARGET"]
    assert exported.shape == (CLIENTS, 2 + _shown(installation)["features"])
    again = tmp_path / "again.parquet"
    assert installation.run("features", "export", "--version", "0", "--output", str(again)).exit_code == 0
    assert pl.read_parquet(again).equals(exported)


def test_a_version_does_not_differ_from_itself(first_run: Finished, installation: Installation) -> None:
    finished = installation.run("features", "diff", "0", "0")
    assert "0 features appeared" in finished.output
    assert f"0 of {_shown(installation)['features']} features moved" in finished.output


def test_an_older_version_can_be_used_again(first_run: Finished, installation: Installation) -> None:
    used = installation.run("features", "use", "0")
    assert used.exit_code == 0, used.errors
    assert "version 0" in used.output
    examples = installation.run("score", "--examples")
    assert examples.exit_code == 0, examples.errors


def test_an_unknown_version_is_an_error_with_the_known_ones(first_run: Finished, installation: Installation) -> None:
    finished = installation.run("features", "show", "9")
    assert finished.exit_code == 6
    assert "no feature version '9' in" in finished.errors


def _shown(installation: Installation, version: str = "0") -> dict[str, Any]:
    shown: dict[str, Any] = json.loads(installation.run("features", "show", version).output)
    return shown
