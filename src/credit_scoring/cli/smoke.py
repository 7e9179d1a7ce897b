"""`credit-scoring smoke`: checks of a running platform."""

import uuid
from pathlib import Path
from typing import Annotated

import typer

from credit_scoring.cli.options import start
from credit_scoring.core.errors import ValidationFailedError
from credit_scoring.core.storage import Storage
from credit_scoring.core.urls import is_server
from credit_scoring.smoke.checks import SmokeTest
from credit_scoring.smoke.example import read_example
from credit_scoring.smoke.server import Server, read_key, trusted_authority

app = typer.Typer()


def _address(value: str | None) -> str | None:
    if value is not None and not is_server(value):
        raise typer.BadParameter(f"{value!r} is not an address such as https://HOST:PORT")
    return value and value.rstrip("/")


@app.command()
def smoke(
    url: Annotated[str, typer.Argument(help="Address for callers of the service.", callback=_address, metavar="URL")],
    key_file: Annotated[Path, typer.Option(help="File with an API key of the scopes predict and read.")],
    operations_url: Annotated[
        str | None,
        typer.Option(help="Address that also answers /metrics and /health/ready.", callback=_address),
    ] = None,
    example: Annotated[
        Path | None,
        typer.Option(help="File that `bootstrap` wrote.", show_default="smoke_example.json in the data directory"),
    ] = None,
    ca_file: Annotated[
        Path | None,
        typer.Option(help="Certificates of the authorities to trust.", show_default="those of the system"),
    ] = None,
) -> None:
    """Check a running platform: one line for each check, exit code 5 if one fails.

    The two decisions that it makes are recorded like all others.
    """
    default = Storage.of(start()).smoke_example()
    request_id, key = f"smoke-{uuid.uuid4().hex}", read_key(key_file)
    tls = None if ca_file is None else trusted_authority(ca_file)
    found = None if example is None and not default.exists() else read_example(example or default)
    service = Server(url, request_id, key, tls)
    operations = None if operations_url is None else Server(operations_url, request_id, key, tls)
    service.require_reachable()
    failed = []
    for outcome in SmokeTest(service, operations, found).run():
        typer.echo(f"{outcome.mark:<8}{outcome.name:<14}{outcome.sentence}")
        failed += [outcome.name] if outcome.mark == "failed" else []
    typer.echo(f"Request id of this test, in log and ledger: {request_id}")
    if failed:
        raise ValidationFailedError(
            f"{url} fails the smoke test: {', '.join(failed)}.", "The lines above say what each check found."
        )
