"""All version strings agree, are written together, and a release file holds only what can be deployed."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from credit_scoring import __version__
from scripts.delivery.release import Chart, DeliveryError, Image, Release, read_release
from scripts.delivery.release_file import collected, of_others
from scripts.delivery.versions import ROOT, require_agreement, set_version, written_versions

DIGEST = "sha256:" + "0" * 64
RELEASE = Release(
    version="1.2.3",
    commit="0" * 40,
    chart=Chart("helm", "1.2.3"),
    images={name: Image(f"registry.example.org/credit-scoring-{name}", DIGEST) for name in ("api", "mlflow")},
    third_party={"postgres": Image("postgres", DIGEST)},
)
STRINGS = {
    "pyproject.toml": 'name = "x"\nversion = "1.2.3"\nrequires-python = ">=3.11"\n',
    "helm/Chart.yaml": 'apiVersion: v2\nversion: 1.2.3\nappVersion: "1.2.3"\n',
    "docs/OPERATIONS.md": '{"status":"healthy","version":"1.2.3"}\npassed Program 1.2.3, model version 1\n 0.9.9 old\n'
    " 0 │ 2026-01-02 │ 0.8 │ 1.2.3 │\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A working tree with six version strings."""
    for name, text in STRINGS.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_all_version_strings_of_the_project_agree() -> None:
    assert require_agreement() == __version__, "run `make install` after a change of the version"
    found = {one.path for one in written_versions()}
    assert {"pyproject.toml", "docs/API.md", "docs/OPERATIONS.md", "docs/openapi.json"} <= found
    assert ("helm/Chart.yaml" in found) == (ROOT / "helm" / "Chart.yaml").exists()


def test_a_version_is_written_everywhere_and_examples_of_the_past_stay(tree: Path) -> None:
    assert len(written_versions(tree)) == 6
    assert set(set_version("2.0.0", tree)) == set(STRINGS)
    assert require_agreement(tree, "v2.0.0") == "2.0.0"
    assert "0.9.9 old" in (tree / "docs" / "OPERATIONS.md").read_text()


def test_a_version_that_differs_is_named_with_its_file(tree: Path) -> None:
    (tree / "helm" / "Chart.yaml").write_text("version: 1.2.3\nappVersion: 1.2.2\n")
    with pytest.raises(DeliveryError, match=r"helm/Chart\.yaml: appVersion: 1\.2\.2"):
        require_agreement(tree)


def test_a_tag_of_another_version_is_refused(tree: Path) -> None:
    with pytest.raises(DeliveryError, match=r"The tag v1\.2\.4 does not name version 1\.2\.3"):
        require_agreement(tree, "v1.2.4")


def test_a_release_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text(RELEASE.to_json())
    assert read_release(path) == RELEASE


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": "latest"}, "no semantic version"),
        ({"commit": "main"}, "no full commit"),
        ({"chart": Chart("helm", "1.2.2")}, "the chart has version 1.2.2"),
        ({"images": {}}, "no image"),
        ({"images": {"mlflow": Image("x", DIGEST)}}, "no image of the API"),
        ({"images": {"api": Image("x", "latest")}}, "image api is not sha256"),
        ({"third_party": {"postgres": Image("x", "17")}}, "image postgres is not sha256"),
    ],
)
def test_a_release_that_cannot_be_deployed_is_refused_by_name(
    change: dict[str, object], message: str, tmp_path: Path
) -> None:
    path = tmp_path / "release.json"
    path.write_text(replace(RELEASE, **change).to_json())  # type: ignore[arg-type]
    with pytest.raises(DeliveryError, match=message):
        read_release(path)


@pytest.mark.parametrize("text", ["{", json.dumps({"version": "1.2.3"}), "[]"])
def test_a_file_that_is_no_release_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "release.json"
    path.write_text(text)
    with pytest.raises(DeliveryError, match=r"release\.json"):
        read_release(path)


def test_images_of_others_are_read_as_their_digests_were_written(tmp_path: Path) -> None:
    path = tmp_path / "third_party.env"
    mirror = "127.0.0.1:5000/mirror/postgres"
    path.write_text(f"# Written by a script.\npostgres={mirror}:17@{DIGEST}\nexporter=a/exporter:v1@{DIGEST}\n")
    assert of_others(path) == {"postgres": Image(mirror, DIGEST), "exporter": Image("a/exporter", DIGEST)}


def test_references_of_pushes_become_images_and_a_missing_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "api.txt").write_text(f"registry.example.org/credit-scoring-api@{DIGEST}\n")
    assert collected(tmp_path, {"api"}) == {"api": RELEASE.images["api"]}
    with pytest.raises(DeliveryError, match="mlflow"):
        collected(tmp_path, {"api", "mlflow"})
    (tmp_path / "api.txt").write_text("registry.example.org/credit-scoring-api:latest\n")
    with pytest.raises(DeliveryError, match="has no digest"):
        collected(tmp_path, {"api"})
