"""A warning where SQLite databases lie on a network file system, whose locks do not protect them from each other."""

import re
from functools import cache
from pathlib import Path

from credit_scoring.core.logs import get_logger

_MOUNTS = Path("/proc/self/mountinfo")  # of Linux
_NETWORK_TYPES = re.compile(
    r"(fuse\.)?(nfs|nfs4|cifs|smb3|smbfs|9p|afs|ceph|glusterfs|lustre|gpfs|beegfs|ocfs2|sshfs|s3fs|rclone|gcsfuse)"
)


@cache  # one warning per process
def warn_if_on_network(folder: Path) -> None:
    """Log a warning if a folder with SQLite databases lies on a network file system."""
    mounts = _MOUNTS.read_text(errors="surrogateescape") if _MOUNTS.exists() else ""
    if kind := network_type(folder.resolve(), mounts):
        get_logger("core").warning(
            "SQLite databases lie on a network file system, where they may be damaged.",
            folder=str(folder),
            file_system=kind,
            next_step="Move CREDIT_DATA_DIRECTORY to a local disk, or keep the databases in PostgreSQL.",
        )


def network_type(path: Path, mounts: str) -> str | None:
    """Type of the network file system that an absolute path lies on; None on a local one.

    Args:
        mounts: content of /proc/self/mountinfo (proc(5)); of two file systems at one place, the later one counts.
    """
    found, depth = "", 0
    for line in mounts.splitlines():
        mount, _, file_system = line.partition(" - ")
        point = Path(re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), mount.split()[4]))
        if path.is_relative_to(point) and len(point.parts) >= depth:
            found, depth = file_system.split()[0], len(point.parts)
    return found if _NETWORK_TYPES.fullmatch(found) else None
