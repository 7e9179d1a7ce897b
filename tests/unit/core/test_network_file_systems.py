"""Databases on a network file system are noticed, whatever is mounted around them."""

from pathlib import Path

import pytest
import structlog

from credit_scoring.core import network_file_systems
from credit_scoring.core.network_file_systems import network_type
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage

MOUNTS = r"""
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 21 0:40 / /srv rw,relatime shared:20 master:3 - nfs4 files:/export rw,vers=4.2
31 30 8:2 / /srv/local rw - xfs /dev/sdb1 rw
32 21 0:41 / /mnt/two\040words rw,noatime - fuse.sshfs clerk@files:/ rw
33 21 0:42 / /over rw - autofs systemd-1 rw
34 33 0:43 / /over rw - cifs //files/share rw
35 21 0:44 / /under rw - nfs files:/export rw
36 35 0:45 / /under rw - tmpfs tmpfs rw
37 21 0:46 / /dash rw - 9p drive\040-\040one rw
""".strip()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/data", None),
        ("/srv", "nfs4"),
        ("/srv/credit/data", "nfs4"),
        ("/srvdata", None),
        ("/srv/local/data", None),
        ("/mnt/two words/data", "fuse.sshfs"),
        ("/over/data", "cifs"),
        ("/under/data", None),
        ("/dash", "9p"),
    ],
)
def test_the_deepest_and_newest_mount_decides(path: str, expected: str | None) -> None:
    assert network_type(Path(path), MOUNTS) == expected


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p", "ceph", "fuse.glusterfs", "lustre"]
)
def test_network_file_systems_are_known_by_their_types(kind: str) -> None:
    assert network_type(Path("/data"), f"21 1 0:1 / / rw - {kind} source rw") == kind


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "overlay", "tmpfs", "fuse.fuse-overlayfs", "nfsd", "zfs"])
def test_local_file_systems_are_not_reported(kind: str) -> None:
    assert network_type(Path("/data"), f"21 1 0:1 / / rw - {kind} source rw") is None


def test_without_a_list_of_mounts_nothing_is_reported() -> None:
    assert network_type(Path("/data"), "") is None


def test_a_process_warns_once_and_says_what_to_do(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("21 1 0:1 / / rw - nfs4 files:/export rw\n")
    monkeypatch.setattr(network_file_systems, "_MOUNTS", mounts)
    with structlog.testing.capture_logs() as lines:
        for name in ("decisions", "online_store"):
            Storage.of(settings).database_url("", name)
        Storage.of(settings).database_url("postgresql+psycopg://credit@database/credit", "decisions")
    (line,) = lines
    assert (line["log_level"], line["file_system"]) == ("warning", "nfs4")
    assert line["folder"] == str(settings.data_directory / "databases")
    assert "CREDIT_DATA_DIRECTORY" in line["next_step"]
