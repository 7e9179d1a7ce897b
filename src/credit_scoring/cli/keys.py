"""`credit-scoring keys`: the API keys of the prediction service."""

from contextlib import closing
from datetime import timedelta
from typing import Annotated

import typer

from credit_scoring.api.security.keys import SCHEMA, ApiKey, Scope, open_key_store
from credit_scoring.cli.options import not_blank, start
from credit_scoring.cli.output import print_table
from credit_scoring.core.urls import location_of, missing_file

app = typer.Typer(help="Create, list and revoke the API keys of the prediction service.", no_args_is_help=True)


@app.command()
def create(
    owner: Annotated[str, typer.Argument(help="Name of the user or system.", metavar="OWNER", callback=not_blank)],
    scope: Annotated[list[Scope], typer.Option(help="Permission; repeat the option for several.")],
    days: Annotated[
        int | None, typer.Option(min=1, max=3650, help="Days until it expires; without it, valid until it is revoked.")
    ] = None,
) -> None:
    """Create a key and print it; only its hash is stored, so it cannot be shown again."""
    with closing(open_key_store(start())) as store:
        key, text = store.create(owner, scope, None if days is None else timedelta(days=days))
    typer.echo(text)
    scopes = ", ".join(sorted(key.scopes))
    until = "" if key.expires_at is None else f" until {key.expires_at:%Y-%m-%d %H:%M}"
    message = f"Key {key.key_id} of {owner} has the scopes {scopes}{until}. Store it now: it is not shown again."
    typer.echo(message, err=True)


@app.command("list")
def list_keys() -> None:
    """List all keys, without their secrets."""
    settings = start()
    url = SCHEMA.url(settings)
    keys: list[ApiKey] = []
    if not missing_file(url):
        with closing(open_key_store(settings, may_create=False)) as store:
            keys = store.all()
    rows = [
        (
            key.key_id,
            key.owner,
            ", ".join(sorted(key.scopes)),
            f"{key.created_at:%Y-%m-%d %H:%M}",
            _end_of(key),
        )
        for key in keys
    ]
    if_empty = f"There is no API key in {location_of(url)}. `credit-scoring keys create` makes one."
    print_table(("Key", "Owner", "Scopes", "Created", "Revoked"), rows, if_empty)


@app.command()
def revoke(key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.", metavar="KEY")]) -> None:
    """Revoke a key; running services reject it within seconds."""
    with closing(open_key_store(start(), may_create=False)) as store:
        store.revoke(key)
    typer.echo(f"Key {key} is revoked.")


def _end_of(key: ApiKey) -> str:
    """When a key was revoked, or when it expires."""
    if key.revoked_at is not None:
        return f"{key.revoked_at:%Y-%m-%d %H:%M}"
    return "" if key.expires_at is None else f"expires {key.expires_at:%Y-%m-%d}"
