"""The path of every artefact, and the only way to write a step's result.

A result is a folder. It is written under a temporary name, flushed and renamed; then the pointer ``current`` moves to
it. A reader sees the complete old version or the complete new one, even if a process is killed at any moment.
"""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from credit_scoring.core.atomic_files import clear_read_errors, clear_write_errors, flush, write_atomically
from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.core.manifest import Artefact, Manifest
from credit_scoring.core.network_file_systems import warn_if_on_network
from credit_scoring.core.settings import Settings

_MANIFEST = "manifest.json"
_POINTER = "current"
_LOCK = ".lock"
_PARTIAL = ".partial-"
_FAILED = "failed"
RUN_AGAIN = "Run the step that writes it again, with `--force`."
TRACKING_ARTEFACTS = "mlflow_artifacts"


class Storage:
    """The data directory of an installation.

    Args:
        root: local folder; created when first written to.
        kept_versions: number of versions of each step's result that are kept; older ones are deleted.
    """

    def __init__(self, root: Path, kept_versions: int) -> None:
        self.root = root
        self._kept_versions = kept_versions

    @classmethod
    def of(cls, settings: Settings) -> "Storage":
        """Storage in the data directory of the settings."""
        # Absolute, because a message names it: a relative one does not say where the program looked.
        return cls(settings.data_directory.absolute(), settings.storage.kept_versions)

    def offline_features(self) -> Path:
        """Folder of the Delta table that holds every published feature version."""
        return self.root / "feature_store" / "offline"

    def feature_tags(self) -> Path:
        """File of the tags of feature versions."""
        return self.root / "feature_store" / "tags.json"

    def feature_documents(self, number: int) -> Path:
        """Folder of the documentation of a published feature version."""
        return self.root / "feature_store" / "documents" / str(number)

    def source_fingerprints(self) -> Path:
        """Cache of the fingerprints of source files."""
        return self.root / "source_fingerprints.json"

    def step_metrics(self, step: str) -> Path:
        """File with the metrics of a step, which Prometheus' node exporter reads."""
        return self.root / "metrics" / f"{step.replace('/', '.')}.prom"

    def downloads(self) -> Path:
        """Folder of downloads from Kaggle."""
        return self.root / "downloads"

    def tracking_artefacts(self) -> Path:
        """Folder where the tracking server keeps the files of its runs when no server is configured."""
        return self.root / TRACKING_ARTEFACTS

    def database_url(self, configured_url: str, name: str) -> str:
        """The configured SQLAlchemy URL, or that of a SQLite file of this name in the data directory.

        The file and its folder are created by what writes to the database first.
        """
        if configured_url:
            return configured_url
        folder = self.root / "databases"
        warn_if_on_network(folder)
        return f"sqlite:///{(folder / name).resolve()}.db"

    def decision_spool(self) -> Path:
        """Folder of decisions that are not in the ledger's database yet."""
        return self.root / "decision_spool"

    def served_model(self) -> Path:
        """Folder with a copy of the model that the service uses."""
        return self.root / "served_model"

    def synthetic_tables(self) -> Path:
        """Folder of the synthetic clients of an installation that was started without tables."""
        return self.root / "synthetic"

    def smoke_example(self) -> Path:
        """File of the application that the smoke test sends."""
        return self.root / "smoke_example.json"

    def relative(self, path: Path) -> str:
        """A path relative to the data directory, as manifests record it."""
        return path.relative_to(self.root).as_posix()

    def current_version(self, step: str) -> tuple[Manifest, Path]:
        """Manifest and folder of the current version of a step's result.

        Raises:
            MissingArtefactError: the step has not run in this data directory.
            StorageError: its manifest is damaged.
        """
        pointer = self.root / step / _POINTER
        with clear_read_errors(pointer, RUN_AGAIN):
            folder = self.root / step / pointer.read_text() if pointer.is_file() else None
        if folder is None or not (folder / _MANIFEST).is_file():
            raise MissingArtefactError(
                f"{self.root} holds no result of the step '{step}'.",
                "Run `credit-scoring pipeline --source PATH` first; it runs every step in order.",
            )
        return _read_manifest(folder), folder

    def current_versions(self) -> list[tuple[Manifest, Path]]:
        """Manifest and folder of every step's current version, oldest first."""
        steps = (pointer.parent.name for pointer in self.root.glob(f"*/{_POINTER}"))
        return sorted((self.current_version(step) for step in steps), key=lambda found: found[0].created_at)

    def current(self, step: str) -> Path:
        """Folder of the current version; raises MissingArtefactError like ``current_version``."""
        return self.current_version(step)[1]

    def find(self, step: str, fingerprint: str) -> tuple[Manifest, Path] | None:
        """The newest finished and undamaged version with this fingerprint, if there is one."""
        for folder in self.versions(step):
            try:
                manifest = _read_manifest(folder)
            except StorageError:
                continue
            if manifest.fingerprint == fingerprint and all(_is_intact(folder, part) for part in manifest.outputs):
                return manifest, folder
        return None

    @contextmanager
    def writing(self, step: str) -> Iterator[Path]:
        """A folder to write a version into, invisible to readers until ``commit``; removed when the block fails.

        Raises:
            StorageError: the folder cannot be written, or another process is writing this step's result.
        """
        folder = self.root / step
        with clear_write_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / _LOCK).open("w") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise StorageError(
                        f"Another process is writing in {folder}.",
                        "Wait until it has finished, or stop it, and run the command again.",
                    ) from error
                # Left by killed processes: we hold the lock, so none of them is still being written.
                for leftover in folder.glob(f"{_PARTIAL}*"):
                    shutil.rmtree(leftover)
                partial = folder / f"{_PARTIAL}{uuid.uuid4().hex[:8]}"
                partial.mkdir()
                try:
                    # Before the folder is removed: afterwards a full disk is not full any more.
                    with clear_write_errors(folder):
                        yield partial
                finally:
                    shutil.rmtree(partial, ignore_errors=True)

    def commit(self, manifest: Manifest, partial: Path) -> Path:
        """Make a written folder the current version of its step, with its manifest."""
        folder = self.root / manifest.step
        final = folder / f"{manifest.fingerprint}-{partial.name.removeprefix(_PARTIAL)}"
        with clear_write_errors(folder):
            (partial / _MANIFEST).write_text(manifest.model_dump_json(indent=2))
            _flush_to_disk(partial)
            os.replace(partial, final)
            self.use(manifest.step, final)
        return final

    def failed(self, step: str) -> Path:
        """Folder of what the last run of a step wrote before it failed on its findings."""
        return self.root / step / _FAILED

    def keep_failed(self, step: str, partial: Path) -> None:
        """Keep a written folder for inspection, without making it a version of the step."""
        with clear_write_errors(partial.parent):
            _flush_to_disk(partial)
            self._drop_failed(step)
            os.replace(partial, self.failed(step))

    def use(self, step: str, version: Path) -> None:
        """Point ``current`` at a finished version; delete the oldest versions and the results of a failed run."""
        write_atomically(self.root / step / _POINTER, version.name.encode())
        self._drop_failed(step)
        for old in self.versions(step)[self._kept_versions :]:
            if old != version and not self._is_referenced(old):
                shutil.rmtree(old, ignore_errors=True)

    def _is_referenced(self, version: Path) -> bool:
        """Whether the current result of another step was made from a version."""
        manifests = (folder / _MANIFEST for _, folder in self.current_versions() if folder.parent != version.parent)
        # A version is called after its fingerprint, which a manifest records somewhere.
        return any(version.name.rpartition("-")[0] in manifest.read_text() for manifest in manifests)

    def _drop_failed(self, step: str) -> None:
        failed = self.failed(step)
        # Renamed first: a reader must not see half a folder. Another run may have done so.
        leftover = failed.with_name(f"{_PARTIAL}{_FAILED}-{uuid.uuid4().hex[:8]}")
        with suppress(FileNotFoundError):
            os.replace(failed, leftover)
        shutil.rmtree(leftover, ignore_errors=True)

    def versions(self, step: str) -> list[Path]:
        """Folders of the finished versions of a step's result that are kept, newest first."""
        manifests = [path for path in (self.root / step).glob(f"*/{_MANIFEST}") if path.parent.name[0] != "."]
        newest_first = sorted(manifests, key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [path.parent for path in newest_first]


def bytes_of(path: Path) -> int:
    """Size of a file, or of all files below a folder."""
    if path.is_file():
        return path.stat().st_size
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def _read_manifest(folder: Path) -> Manifest:
    with clear_read_errors(folder / _MANIFEST, RUN_AGAIN):
        return Manifest.model_validate_json((folder / _MANIFEST).read_bytes())


def _is_intact(folder: Path, part: Artefact) -> bool:
    path = folder / part.path
    return path.exists() and (part.bytes is None or bytes_of(path) == part.bytes)


def _flush_to_disk(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file():
            flush(file)
