"""An address of the platform, and what the smoke test may trust and send there."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from ssl import SSLCertVerificationError, SSLContext, SSLError, create_default_context
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from credit_scoring.core.errors import SettingsError, StorageError
from credit_scoring.smoke.answers import ProblemAnswer
from credit_scoring.smoke.http_call import CANNOT_CALL, call

Form = TypeVar("Form", bound=BaseModel)

TIMEOUT_SECONDS = 15.0
"""Of a request: longer than the service's own limit."""
_MAX_FILE_BYTES = 1_000_000
_KEY = re.compile(r"credit_[0-9a-f]+_[\w-]+")
_CREATE = "`credit-scoring keys create NAME --scope predict --scope read >FILE` makes one."
_ADVICE = {
    401: f"The service does not know this key; it learns of a new one within five seconds. {_CREATE}",
    403: _CREATE,
}


class CheckFailedError(Exception):
    """The platform does not do what a check expects; the message is a sentence."""


@dataclass(frozen=True)
class Server:
    """An address of the platform.

    Args:
        request_id: goes with every request, into log and ledger.
        key: for requests that need one.
        tls: which certificates are trusted; those that the system trusts if None.
    """

    url: str
    request_id: str
    key: str = field(repr=False)
    tls: SSLContext | None = None

    def require_reachable(self) -> None:
        """Check that something answers.

        Raises:
            SettingsError: its certificate is not trusted.
            StorageError: it cannot be reached.
        """
        try:
            call("GET", f"{self.url}/health", TIMEOUT_SECONDS, tls=self.tls)
        except SSLCertVerificationError as error:
            raise SettingsError(
                f"The certificate of {self.url} is not trusted ({error.verify_message}).",
                "Give the certificate of its authority with --ca-file, and a host name that the certificate holds.",
            ) from error
        except CANNOT_CALL as error:
            raise StorageError(
                f"{self.url} cannot be reached ({_reason(error)}).", "Check the address, and that the service runs."
            ) from error

    def answer(
        self,
        form: type[Form],
        request: str,
        body: Mapping[str, object] | None = None,
        *,
        status: int = 200,
        has_key: bool = True,
    ) -> Form:
        """The answer to a request such as ``GET /health``; raises like `content`, and if it has another form."""
        content = self.content(request, body, status=status, has_key=has_key)
        try:
            # Numbers are read as Python does, to the last bit.
            return form.model_validate(json.loads(content))
        except ValueError as error:
            raise CheckFailedError(f"{request} does not answer like this service; check the address.") from error

    def content(
        self, request: str, body: Mapping[str, object] | None = None, *, status: int = 200, has_key: bool = True
    ) -> bytes:
        """The body of an answer.

        Raises:
            CheckFailedError: there is no answer, or its status is another one.
        """
        method, path = request.split()
        headers = {"X-Request-ID": self.request_id} | ({"X-API-Key": self.key} if has_key else {})
        sent = None if body is None else json.dumps(body).encode()
        if sent is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = call(method, f"{self.url}{path}", TIMEOUT_SECONDS, headers, sent, self.tls)
        except CANNOT_CALL as error:
            raise CheckFailedError(f"{request} has no answer ({_reason(error)}).") from error
        if answer.status != status:
            advice = _ADVICE.get(answer.status, "") if has_key else ""
            said = " ".join(filter(None, (_detail(answer.body), advice)))
            raise CheckFailedError(f"{request} answers {answer.status} instead of {status}{said and f': {said}'}")
        return answer.body


def read_key(path: Path) -> str:
    """The API key in a file.

    Raises:
        SettingsError: there is none.
    """
    text = _text_of(path, "--key-file").strip()
    if not _KEY.fullmatch(text):
        content = "something else" if text else "nothing"
        raise SettingsError(f"The key file {path} holds {content} instead of an API key.", _CREATE)
    return text


def trusted_authority(path: Path) -> SSLContext:
    """Trust in the authorities whose certificates a file holds, and in no others.

    Raises:
        SettingsError: it holds none.
    """
    text = _text_of(path, "--ca-file")
    try:
        # Without a text, the authorities of the system would be trusted.
        return create_default_context(cadata=text or " ")
    except (SSLError, ValueError) as error:
        raise SettingsError(f"{path} holds no certificate in PEM form.", "Correct --ca-file.") from error


def _text_of(path: Path, option: str) -> str:
    try:
        if not path.is_file():
            raise SettingsError(f"There is no file {path}.", f"Correct {option}.")
        with path.open("rb") as stream:
            return stream.read(_MAX_FILE_BYTES).decode("ascii", "backslashreplace")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}).", "Let this user read it.") from error


def _detail(body: bytes) -> str:
    try:
        return ProblemAnswer.model_validate_json(body).detail
    except ValidationError:
        return ""


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
