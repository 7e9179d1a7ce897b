"""Running Helm, kubectl and the like."""

import subprocess

from scripts.delivery.release import DeliveryError


class ProgramError(DeliveryError):
    """A program failed; the message has its last lines."""


def output_of(*command: str, stdin: str | None = None, timeout_seconds: float = 3600) -> str:
    """Standard output of a command.

    Raises:
        ProgramError: it is missing, fails, or takes longer than the timeout.
    """
    try:
        done = subprocess.run(
            command, input=stdin, capture_output=True, text=True, timeout=timeout_seconds, check=False
        )
    except FileNotFoundError as error:
        raise ProgramError(f"{command[0]} is not installed, or not on PATH. Install it.") from error
    except subprocess.TimeoutExpired as error:
        raise ProgramError(f"{' '.join(command[:3])} took longer than {timeout_seconds:.0f} s.") from error
    if done.returncode:
        lines = "\n  ".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise ProgramError(f"{' '.join(command[:3])} ended with exit code {done.returncode}:\n  {lines}")
    return done.stdout
