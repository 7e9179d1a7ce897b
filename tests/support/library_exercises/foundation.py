"""What every part stands on."""

import io
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_exercises.registry import exercise


@exercise("numpy")
def _(_: Path) -> None:
    assert np.float32(0.1).astype(np.float64) == np.frombuffer(np.float32(0.1).tobytes(), np.float32)[0]


@exercise("pydantic")
def _(_: Path) -> None:
    from pydantic import TypeAdapter, ValidationError

    assert TypeAdapter(dict[str, float]).validate_json('{"a": 1}') == {"a": 1.0}
    with pytest.raises(ValidationError):
        TypeAdapter(int).validate_python("one")


@exercise("pydantic-settings")
def _(_: Path) -> None:
    from pydantic_settings import BaseSettings, SettingsConfigDict

    class Example(BaseSettings):
        model_config = SettingsConfigDict(env_prefix="SMOKE_")
        port: int = 1

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SMOKE_PORT", "7")
        assert Example().port == 7


@exercise("rich")
def _(_: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    out = io.StringIO()
    table = Table("step")
    table.add_row("ingest")
    Console(file=out).print(table)
    assert "ingest" in out.getvalue()


@exercise("sqlalchemy")
def _(folder: Path) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(f"sqlite:///{folder / 'x.db'}")
    with engine.begin() as connection:
        assert connection.execute(sa.select(sa.literal(7))).scalar_one() == 7
    engine.dispose()


@exercise("structlog")
def _(_: Path) -> None:
    import structlog

    with structlog.testing.capture_logs() as lines:
        structlog.get_logger().info("done", rows=3)
    assert lines == [{"event": "done", "rows": 3, "log_level": "info"}]


@exercise("typer")
def _(_: Path) -> None:
    import typer
    from typer.testing import CliRunner

    app = typer.Typer()

    @app.command()
    def double(number: int) -> None:
        typer.echo(2 * number)

    assert CliRunner().invoke(app, ["21"]).stdout == "42\n"
