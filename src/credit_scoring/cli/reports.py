"""`credit-scoring audit` and `reports`: the fairness audit, and where all reports are."""

import typer

from credit_scoring.cli.options import Force, start
from credit_scoring.cli.output import print_summary
from credit_scoring.core.storage import Storage
from credit_scoring.governance import step as governance

app = typer.Typer()


@app.command()
def audit(force: Force = False) -> None:
    """Compare decisions by group, report the verdict to the registry, and write the model's documents."""
    settings = start()
    print_summary([governance.run(settings, force)], settings.data_directory)


@app.command()
def reports() -> None:
    """List the reports of the current results."""
    storage = Storage.of(start())
    found = [
        f"{manifest.step:<10}{folder / part.path}"
        for manifest, folder in storage.current_versions()
        for part in manifest.outputs
        if part.path.endswith(".html")
    ]
    if not found:
        typer.echo(f"No step has written a report in {storage.root}. Run `credit-scoring pipeline --source PATH`.")
    for line in found:
        typer.echo(line)
