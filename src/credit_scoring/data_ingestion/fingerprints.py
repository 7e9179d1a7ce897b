"""Fingerprints of large files, remembered for as long as size and time of change stay the same."""

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from credit_scoring.core.atomic_files import write_atomically
from credit_scoring.core.errors import StorageError
from credit_scoring.core.manifest import fingerprint_of_file

# A file that changes again within the resolution of its time stamp would keep the fingerprint of its first state.
_YOUNGEST_TRUSTED_SECONDS = 10.0

Known = dict[str, tuple[int, int, str]]
"""Size in bytes, time of change in nanoseconds and fingerprint, by path."""


class FingerprintCache:
    """A file that maps paths to size, time of change and fingerprint.

    Args:
        path: the JSON file; it may be missing, damaged or not writable: then files are hashed again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known = _read(path)

    def fingerprints_of(self, files: Sequence[Path]) -> dict[Path, str]:
        """Hash of each file's bytes; raises OSError when one cannot be read."""
        before = dict(self._known)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = dict(zip(files, pool.map(self._fingerprint_of, files), strict=True))
        if self._known != before:
            self._remember()
        return found

    def _fingerprint_of(self, file: Path) -> str:
        key, status = str(file.resolve()), file.stat()
        size, changed, fingerprint = self._known.get(key, (-1, -1, ""))
        # The system sets this time at every change; the time of modification can be copied from another file.
        if (size, changed) != (status.st_size, status.st_ctime_ns):
            fingerprint = fingerprint_of_file(file)
            if time.time() - status.st_ctime > _YOUNGEST_TRUSTED_SECONDS:
                self._known[key] = (status.st_size, status.st_ctime_ns, fingerprint)
        return fingerprint

    def _remember(self) -> None:
        try:
            write_atomically(self._path, json.dumps(self._known, indent=1).encode())
        except StorageError:
            pass


def _read(path: Path) -> Known:
    try:
        remembered = json.loads(path.read_bytes()).items()
        return {key: (int(size), int(changed), str(text)) for key, (size, changed, text) in remembered}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
