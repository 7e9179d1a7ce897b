"""Downloads the data with the official Kaggle client and the user's own account."""

import contextlib
import io
import os
import shutil
from pathlib import Path
from typing import Any

from credit_scoring.core.atomic_files import locked
from credit_scoring.core.errors import SourceError
from credit_scoring.core.logs import get_logger
from credit_scoring.core.manifest import fingerprint_of

KAGGLE = Path("kaggle")
"""The word that selects Kaggle instead of a path; an existing folder of that name takes precedence."""

COMPETITION = "home-credit-default-risk"
_RULES = f"https://www.kaggle.com/competitions/{COMPETITION}/rules"
HELP = f"""To download from Kaggle, once:
  1. Install the extra `kaggle`: `make install-kaggle` in a checkout, or `credit-scoring[kaggle]`.
  2. Create an account on https://www.kaggle.com, and a token on https://www.kaggle.com/settings/api.
  3. Save the token to ~/.kaggle/access_token (or set KAGGLE_API_TOKEN), readable by you alone.
  4. Accept the rules of the competition on {_RULES}.
Or download the zip in a browser and give its path: `--source home-credit-default-risk.zip`."""


KaggleClient = Any
"""``kaggle.api.kaggle_api_extended.KaggleApi`` (version 1.7 and above), which is optional and has no types."""


def means_kaggle(source: Path) -> bool:
    """Whether a source selects Kaggle."""
    return source == KAGGLE and not source.exists()


def connect() -> KaggleClient:
    """The official client, logged in.

    Raises:
        SourceError: it is not installed, or there are no valid credentials; the next step explains how to get them.
    """
    try:
        # The client prints its own advice, and exits the process if it finds no credentials.
        with contextlib.redirect_stdout(io.StringIO()):
            from kaggle.api.kaggle_api_extended import KaggleApi

            client = KaggleApi()
            client.authenticate()
    except ImportError as error:
        raise SourceError(f"The Kaggle client is not installed ({error}).", HELP) from error
    except (SystemExit, OSError, ValueError) as error:
        raise SourceError(f"Kaggle rejected the credentials ({error}).", HELP) from error
    return client


def download(client: KaggleClient, folder: Path) -> Path:
    """The current zip of the competition, downloaded unless it is there already.

    Args:
        folder: keeps the zip; an older one is removed after a complete download.

    Raises:
        SourceError: Kaggle rejects the request, or cannot be reached.
        StorageError: the folder cannot be written.
    """
    try:
        files = client.competition_list_files(COMPETITION).files
        listed = sorted((file.name, file.total_bytes, str(file.creation_date)) for file in files)
        target = folder / f"{COMPETITION}-{fingerprint_of(listed)}.zip"
        if target.is_file():
            return target
        # Of two runs at once, the second waits and finds the file of the first.
        with locked(folder / COMPETITION):
            if not target.is_file():
                get_logger("data_ingestion").info("downloading", source=COMPETITION, to=str(target))
                _download_atomically(client, target)
    except OSError as error:
        raise SourceError(f"Kaggle refused the download of {COMPETITION} ({error}).", HELP) from error
    for old in folder.glob("*.zip"):
        if old != target:
            old.unlink(missing_ok=True)
    return target


def _download_atomically(client: KaggleClient, target: Path) -> None:
    partial = target.with_suffix(".partial")
    for leftover in target.parent.glob("*.partial"):
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        client.competition_download_files(COMPETITION, path=str(partial), force=True, quiet=True)
        os.replace(partial / f"{COMPETITION}.zip", target)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
