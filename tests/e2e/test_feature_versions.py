"""Published feature versions through the command line."""

import json
from pathlib import Path

import polars as pl

from credit_scoring.core.storage import Storage
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_store.offline import read_version
from tests.e2e.conftest import CLIENTS
from tests.e2e.installation import Finished, Installation


def test_the_published_version_is_listed_shown_and_tagged(
    first_run: Finished, installation: Installation
) -> None:
    assert installation.run("features", "tag", "0", "first").exit_code == 0
    listed = installation.run("features", "list")
    assert "synthetic" in listed.output
    assert "first" in listed.output
    shown = json.loads(installation.run("features", "show", "first").output)
    assert shown["rows"] == CLIENTS
    assert shown["features"] == len(feature_names())


def test_an_export_holds_the_published_rows_bit_for_bit(
    first_run: Finished, installation: Installation, tmp_path: Path
) -> None:
    out = tmp_path / "frame.parquet"
    finished = installation.run("features", "export", "--output", str(out))
    assert finished.exit_code == 0, finished.errors
    assert "synthetic" in finished.output
    exported = pl.read_parquet(out)
    assert exported.columns == ["SK_ID_CURR", "TARGET", *feature_names()]
    assert exported.equals(read_version(Storage.of(installation.settings).offline_features(), 0))


def test_a_version_does_not_differ_from_itself(first_run: Finished, installation: Installation) -> None:
    finished = installation.run("features", "diff", "0", "0")
    assert "0 features appeared" in finished.output
    assert f"0 of {len(feature_names())} features moved" in finished.output


def test_an_older_version_can_be_used_again(first_run: Finished, installation: Installation) -> None:
    used = installation.run("features", "use", "0")
    assert used.exit_code == 0, used.errors
    assert "version 0" in used.output
    examples = installation.run("score", "--examples")
    assert examples.exit_code == 0, examples.errors


def test_an_unknown_version_is_an_error_with_the_known_ones(
    first_run: Finished, installation: Installation
) -> None:
    finished = installation.run("features", "show", "9")
    assert finished.exit_code == 6
    assert "no feature version '9'; known are [0]" in finished.errors
