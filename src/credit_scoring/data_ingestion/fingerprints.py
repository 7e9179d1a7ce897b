"""Fingerprints of large files, cached while size and change time stay the same."""

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

from credit_scoring.core.atomic_files import write_atomically
from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import fingerprint_of_file

# A file that changes again within the resolution of its change time would keep its first fingerprint.
_MIN_AGE_SECONDS = 10.0

Entries = dict[str, tuple[int, int, str]]
"""Size in bytes, change time in nanoseconds and fingerprint, by path."""


class FingerprintCache:
    """A JSON file that maps paths to size, change time and fingerprint.

    Args:
        path: if it is missing, damaged or not writable, files are hashed again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = _read(path)

    def fingerprints_of(self, files: Sequence[Path]) -> dict[Path, str]:
        """Hash of each file's bytes; raises OSError if one cannot be read."""
        before = dict(self._entries)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = dict(zip(files, pool.map(self._fingerprint_of, files), strict=True))
        if self._entries != before:
            with suppress(StorageError):
                write_atomically(self._path, json.dumps(self._entries, indent=1).encode())
        return found

    def _fingerprint_of(self, file: Path) -> str:
        key, status = str(file.resolve()), file.stat()
        size, changed, fingerprint = self._entries.get(key, (-1, -1, ""))
        # The operating system sets the change time; tools can copy the modification time from another file.
        if (size, changed) != (status.st_size, status.st_ctime_ns):
            fingerprint = fingerprint_of_file(file)
            if time.time() - status.st_ctime > _MIN_AGE_SECONDS:
                self._entries[key] = (status.st_size, status.st_ctime_ns, fingerprint)
        return fingerprint


def _read(path: Path) -> Entries:
    try:
        entries = json.loads(path.read_bytes()).items()
        return {key: (int(size), int(changed), str(text)) for key, (size, changed, text) in entries}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
