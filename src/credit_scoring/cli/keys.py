"""`credit-scoring keys`: the API keys of the prediction service."""

from contextlib import closing
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.cli.options import not_blank, start

app = typer.Typer(help="Create, list and revoke the API keys of the prediction service.", no_args_is_help=True)


@app.command()
def create(
    owner: Annotated[str, typer.Argument(help="Name of the user or system.", metavar="OWNER", callback=not_blank)],
    scope: Annotated[list[Scope], typer.Option(help="Permission; repeat the option for several.")],
) -> None:
    """Create a key and print it; only its hash is stored, so it cannot be shown again."""
    with closing(open_key_store(start())) as store:
        key, text = store.create(owner, scope)
    typer.echo(text)
    scopes = ", ".join(sorted(key.scopes))
    typer.echo(f"Key {key.key_id} of {owner} has the scopes {scopes}. Store it now: it is not shown again.", err=True)


@app.command("list")
def list_keys() -> None:
    """List all keys, without their secrets."""
    with closing(open_key_store(start())) as store:
        keys = store.all()
    table = Table("Key", "Owner", "Scopes", "Created", "Revoked")
    for key in keys:
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        scopes = ", ".join(sorted(key.scopes))
        table.add_row(key.key_id, key.owner, scopes, f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    Console().print(table)


@app.command()
def revoke(key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.", metavar="KEY")]) -> None:
    """Revoke a key; running services reject it within seconds."""
    with closing(open_key_store(start())) as store:
        store.revoke(key)
    typer.echo(f"Key {key} is revoked.")
