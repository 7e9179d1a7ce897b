"""`credit-scoring keys`: the API keys of the prediction service."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.cli.options import start

app = typer.Typer(
    help="Create, list and revoke the API keys of the prediction service.", no_args_is_help=True
)


@app.command()
def create(
    owner: Annotated[str, typer.Argument(help="Name of the user or system.", metavar="OWNER")],
    scope: Annotated[list[Scope], typer.Option(help="Permission; repeat the option for several.")],
) -> None:
    """Create a key and print it; only its hash is stored, so it cannot be shown again."""
    store = open_key_store(start())
    key, text = store.create(owner, scope)
    store.close()
    typer.echo(text)
    Console(stderr=True, soft_wrap=True).print(
        f"Key {key.key_id} of {owner} has the scopes {', '.join(sorted(key.scopes))}. "
        "Store it now: it is not shown again.",
        markup=False,
        highlight=False,
    )


@app.command("list")
def list_keys() -> None:
    """List all keys, without their secrets."""
    store = open_key_store(start())
    table = Table("Key", "Owner", "Scopes", "Created", "Revoked")
    for key in store.all():
        revoked = f"{key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else ""
        scopes = ", ".join(sorted(key.scopes))
        table.add_row(key.key_id, key.owner, scopes, f"{key.created_at:%Y-%m-%d %H:%M}", revoked)
    store.close()
    Console().print(table)


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Its id, as `keys list` shows it.", metavar="KEY")],
) -> None:
    """Revoke a key; running services reject it within seconds."""
    store = open_key_store(start())
    store.revoke(key)
    store.close()
    typer.echo(f"Key {key} is revoked.")
