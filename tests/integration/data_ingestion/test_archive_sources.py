"""Zips, nested zips and the Kaggle API give the same tables as the plain folder."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from credit_scoring.core.errors import SourceError, StorageError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES
from credit_scoring.data_ingestion import kaggle, step


def zip_of(folder: Path) -> bytes:
    """A zip of the files of a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return buffer.getvalue()


def zip_of_zips(folder: Path) -> bytes:
    """A zip in which every file is zipped on its own, in a folder."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(folder.iterdir()):
            inner = io.BytesIO()
            with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as nested:
                nested.write(file, file.name)
            archive.writestr(f"all/{file.name}.zip", inner.getvalue())
    return buffer.getvalue()


def parquet_files(settings: Settings) -> dict[str, bytes]:
    """Content of every file of the version in use, except its manifest."""
    folder = Storage.of(settings).current("ingest")
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.fixture
def expected(settings: Settings, tiny_source: Path) -> dict[str, bytes]:
    """What the plain folder becomes."""
    step.run(settings, tiny_source)
    files = parquet_files(settings)
    assert len(files) == len(ALL_TABLES) * settings.bucket_count
    return files


@pytest.mark.parametrize("pack", [zip_of, zip_of_zips])
def test_a_zip_becomes_the_same_tables(
    settings: Settings, tiny_source: Path, tmp_path: Path, expected: dict[str, bytes], pack: object
) -> None:
    assert callable(pack)
    archive = tmp_path / "source.zip"
    archive.write_bytes(pack(tiny_source))
    step.run(settings, archive, force=True)
    assert parquet_files(settings) == expected


def test_a_zip_around_the_whole_zip_becomes_the_same_tables(
    settings: Settings, tiny_source: Path, tmp_path: Path, expected: dict[str, bytes]
) -> None:
    archive = tmp_path / "source.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as outer:
        outer.writestr("home-credit-default-risk.zip", zip_of(tiny_source))
    step.run(settings, archive, force=True)
    assert parquet_files(settings) == expected


def test_a_folder_may_hold_zipped_files_beside_plain_ones(
    settings: Settings, tiny_source: Path, expected: dict[str, bytes]
) -> None:
    for file in list(tiny_source.iterdir())[:4]:
        with zipfile.ZipFile(tiny_source / f"{file.name}.zip", "w") as archive:
            archive.write(file, file.name)
        file.unlink()
    step.run(settings, tiny_source, force=True)
    assert parquet_files(settings) == expected


def test_nothing_unpacked_is_left(settings: Settings, tiny_source: Path, tmp_path: Path) -> None:
    (tmp_path / "source.zip").write_bytes(zip_of_zips(tiny_source))
    step.run(settings, tmp_path / "source.zip")
    assert not list(settings.data_directory.rglob("*.csv"))
    assert not list(settings.data_directory.rglob("*.ipc"))


def test_a_damaged_zip_within_a_zip_is_named(settings: Settings, tiny_source: Path, tmp_path: Path) -> None:
    archive = tmp_path / "source.zip"
    with zipfile.ZipFile(archive, "w") as outer:
        outer.writestr("bureau.csv.zip", b"PK, but nothing else")
    with pytest.raises(SourceError, match=f"{archive}/bureau.csv.zip is not a complete zip file"):
        step.run(settings, archive)


def test_generated_data_stays_marked_through_a_zip(settings: Settings, tiny_source: Path, tmp_path: Path) -> None:
    (tiny_source / "source.json").write_text('{"source": "synthetic"}')
    (tmp_path / "source.zip").write_bytes(zip_of_zips(tiny_source))
    assert step.run(settings, tmp_path / "source.zip").source == "synthetic"


@dataclass
class FakeFile:
    """A file of the competition."""

    name: str
    total_bytes: int
    creation_date: str


@dataclass
class FakeFileList:
    """The answer of the service."""

    files: list[FakeFile]


@dataclass
class FakeKaggle:
    """The official client, with the competition's zip in memory instead of on the network."""

    content: bytes
    refuses_with: OSError | None = None
    downloads: list[str] = field(default_factory=list)

    def competition_list_files(self, competition: str) -> FakeFileList:
        if self.refuses_with:
            raise self.refuses_with
        return FakeFileList([FakeFile("application_train.csv", len(self.content), "2018-05-17")])

    def competition_download_files(self, competition: str, path: str, force: bool, quiet: bool) -> None:
        self.downloads.append(competition)
        (Path(path) / f"{competition}.zip").write_bytes(self.content)


@pytest.fixture
def service(tiny_source: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKaggle]:
    """Kaggle, reached by the step instead of the real one."""
    fake = FakeKaggle(zip_of_zips(tiny_source))
    monkeypatch.setattr(kaggle, "connect", lambda: fake)
    yield fake


def test_kaggle_becomes_the_same_tables(settings: Settings, service: FakeKaggle, expected: dict[str, bytes]) -> None:
    step.run(settings, Path("kaggle"), force=True)
    assert parquet_files(settings) == expected
    assert service.downloads == ["home-credit-default-risk"]


def test_kaggle_is_queried_again_but_nothing_is_downloaded_twice(settings: Settings, service: FakeKaggle) -> None:
    step.run(settings, Path("kaggle"))
    assert step.run(settings, Path("kaggle")).reused
    assert not step.has_new_data(settings, Path("kaggle"))
    assert len(service.downloads) == 1


def test_changed_files_on_kaggle_replace_the_download(
    settings: Settings, service: FakeKaggle, tiny_source: Path
) -> None:
    step.run(settings, Path("kaggle"))
    with (tiny_source / "bureau_balance.csv").open("a") as stream:
        stream.write("1000010,-9,0\n")
    service.content = zip_of_zips(tiny_source)
    assert step.has_new_data(settings, Path("kaggle"))
    assert len(list((settings.data_directory / "downloads").glob("[!.]*"))) == 1


def test_a_folder_called_kaggle_is_a_folder(settings: Settings, service: FakeKaggle, tiny_source: Path) -> None:
    shutil.copytree(tiny_source, Path("kaggle"))
    step.run(settings, Path("kaggle"))
    assert service.downloads == []


def test_rules_that_were_not_accepted_end_with_the_steps_to_take(settings: Settings, service: FakeKaggle) -> None:
    service.refuses_with = OSError("403 Client Error: Forbidden")
    with pytest.raises(SourceError) as raised:
        step.run(settings, Path("kaggle"))
    assert "403 Client Error" in raised.value.message
    assert "Accept the rules of the competition" in raised.value.next_step


def test_a_download_folder_that_cannot_be_written(settings: Settings, service: FakeKaggle) -> None:
    settings.data_directory.mkdir()
    (settings.data_directory / "downloads").write_text("a file where a folder belongs")
    with pytest.raises(StorageError, match="a file has the name of a folder"):
        step.run(settings, Path("kaggle"))
