"""What the registry answered last, which holds for as long as its database file is not written again.

Loading MLflow and having it examine its database takes half of a cold start. A registry in an SQLite file says by the
file alone that nothing changed: every transaction moves the counter in its header (SQLite's file format, section
1.3.7). Only then is the earlier answer taken again; whatever cannot be told this way is asked through MLflow.
"""

from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from credit_scoring.core.atomic_files import write_atomically
from credit_scoring.core.errors import ModelNotFoundError, StorageError
from credit_scoring.core.urls import sqlite_file

_HEADER_BYTES = 100
_CHANGES = slice(24, 28)
_ROLLBACK_JOURNAL = b"\x01\x01"
_SIDE_FILES = ("-wal", "-journal")


class Answer(BaseModel):
    """Where an alias leads.

    Attributes:
        source: where the version's files are.
        has_alias: False if the newest version in Staging stands in for one that was never promoted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int
    source: str
    has_alias: bool


class _Note(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    mark: str
    answer: Answer


_NOTES = TypeAdapter(dict[str, _Note])


class Unchanged:
    """Answers of a registry, each with the mark of the database file that it was read from.

    Args:
        uri: of the registry; only SQLite files have marks.
        path: where the answers are kept for the next start.
    """

    def __init__(self, uri: str, path: Path) -> None:
        self._uri = uri
        self._file = sqlite_file(uri)
        self._path = path
        self._notes: dict[str, _Note] | None = None

    @property
    def is_gone(self) -> bool:
        """Whether the registry would be in a file that is not there; asked through MLflow, it would be made empty."""
        return self._file is not None and not self._file.exists()

    def require_there(self) -> None:
        """Raises ModelNotFoundError instead of letting a question make an empty registry."""
        if self.is_gone:
            raise ModelNotFoundError(
                f"There is no model registry at {self._uri}.",
                "Run `credit-scoring train`; if there was one, put its file back, for training begins at version 1.",
            )

    def mark(self) -> str | None:
        """What is different after any change of the registry; None where that cannot be told."""
        if self._file is None:
            return None
        for name in _SIDE_FILES:
            # A transaction that is going on or was broken off: the file alone does not tell what holds.
            if self._file.with_name(self._file.name + name).exists():
                return None
        with suppress(OSError), self._file.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            # With another kind of journal the counter does not move.
            if len(header) == _HEADER_BYTES and header[18:20] == _ROLLBACK_JOURNAL:
                found = self._file.stat()
                return f"{found.st_dev}:{found.st_ino}:{found.st_size}:{found.st_mtime_ns}:{header[_CHANGES].hex()}"
        return None

    def answer(self, name: str, alias: str, mark: str | None) -> Answer | None:
        """The answer that was read under this mark, if there is one."""
        note = self._known().get(f"{name}@{alias}") if mark is not None else None
        return note.answer if note is not None and note.mark == mark else None

    def keep(self, name: str, alias: str, mark: str | None, answer: Answer) -> None:
        """Remember an answer, on disk too where it can be written; its files must lie on this machine."""
        if mark is None or local_folder(answer.source) is None:
            return
        notes = {**self._known(), f"{name}@{alias}": _Note(mark=mark, answer=answer)}
        self._notes = notes
        # Without it the next start is only slower.
        with suppress(OSError, StorageError):
            write_atomically(self._path, _NOTES.dump_json(notes))

    def _known(self) -> dict[str, _Note]:
        if self._notes is None:
            try:
                self._notes = _NOTES.validate_json(self._path.read_bytes())
            except (OSError, ValidationError):
                self._notes = {}
        return self._notes


def local_folder(source: str) -> Path | None:
    """The folder behind an address of files on this machine; None for one elsewhere."""
    address = urlsplit(source)
    return Path(unquote(address.path)) if address.scheme == "file" and not address.netloc else None
