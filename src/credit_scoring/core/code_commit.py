"""The commit of the running code, for the metadata of what it computed."""

# One fixed command, without a shell.
import subprocess  # nosec B404
from pathlib import Path

_CHECKOUT = Path(__file__).parents[3]
_TIMEOUT_SECONDS = 10


def code_commit(configured: str) -> str:
    """The configured commit, or that of the checkout that the program runs from; empty if there is neither.

    "-dirty" at its end: files of the checkout differ from the commit.

    Args:
        configured: the setting `code_commit`, for an installation without a checkout.
    """
    # An installed package may lie below the checkout of another project.
    if configured or not (_CHECKOUT / ".git").exists():
        return configured
    command = ["git", "-C", str(_CHECKOUT), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        # Nothing in the command comes from outside the program.
        found = subprocess.run(  # nosec B603
            command, check=True, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()
