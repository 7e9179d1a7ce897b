"""The service, its databases, and what tests it."""

import asyncio
from pathlib import Path

from tests.support.library_exercises.registry import exercise


@exercise("alembic")
def _(folder: Path) -> None:
    import sqlalchemy as sa
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    engine = sa.create_engine(f"sqlite:///{folder / 'x.db'}")
    with engine.begin() as connection:
        Operations(MigrationContext.configure(connection)).create_table("t", sa.Column("a", sa.Integer))
        assert sa.inspect(connection).get_table_names() == ["t"]
    engine.dispose()


@exercise("cryptography")
def _(_: Path) -> None:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, nonce = AESGCM(AESGCM.generate_key(256)), bytes(12)
    assert cipher.decrypt(nonce, cipher.encrypt(nonce, b"secret", b"id"), b"id") == b"secret"


@exercise("fastapi")
def _(_: Path) -> None:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    app = FastAPI()
    app.get("/double/{number}")(lambda number: {"answer": 2 * int(number)})
    assert TestClient(app).get("/double/21").json() == {"answer": 42}


@exercise("httpx")
def _(_: Path) -> None:
    import httpx

    answer = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(204)))
    assert answer.get("http://nowhere").status_code == 204
    answer.close()


@exercise("hypothesis")
def _(_: Path) -> None:
    from hypothesis import find
    from hypothesis import strategies as st

    assert find(st.integers(), lambda number: number >= 7) == 7


@exercise("prometheus-client")
def _(_: Path) -> None:
    from prometheus_client import CollectorRegistry, Counter, generate_latest

    registry = CollectorRegistry()
    Counter("decisions", "Decisions", registry=registry).inc()
    assert b"decisions_total 1.0" in generate_latest(registry)


@exercise("psycopg")
def _(_: Path) -> None:
    import psycopg
    from psycopg import pq, sql

    assert pq.version() >= 120_000
    assert pq.__impl__ == "binary"
    assert sql.SQL("SELECT {}").format(sql.Identifier("a")).as_string(None) == 'SELECT "a"'
    assert issubclass(psycopg.OperationalError, psycopg.Error)


@exercise("schemathesis")
def _(_: Path) -> None:
    import schemathesis
    from fastapi import FastAPI

    app = FastAPI()
    app.get("/double/{number}")(lambda number: {"answer": number})
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    assert schema["/double/{number}"]["GET"].method == "get"


@exercise("swagger-ui-bundle")
def _(_: Path) -> None:
    from swagger_ui_bundle import swagger_ui_path

    assert {"swagger-ui-bundle.js", "swagger-ui.css"} <= {path.name for path in Path(swagger_ui_path).iterdir()}


@exercise("uvicorn")
def _(_: Path) -> None:
    import httptools
    import uvicorn
    import uvloop

    config = uvicorn.Config("nowhere:app", loop="uvloop", http="httptools")
    assert config.get_loop_factory() is uvloop.new_event_loop
    assert httptools.parse_url(b"/predict?explain=true").query == b"explain=true"
    loop = uvloop.new_event_loop()
    assert loop.run_until_complete(asyncio.sleep(0, result=7)) == 7
    loop.close()


@exercise("jsonschema")
def _(_: Path) -> None:
    import jsonschema

    errors = jsonschema.Draft202012Validator({"type": "object", "required": ["a"]}).iter_errors({"b": 1})
    assert [error.validator for error in errors] == ["required"]


@exercise("kubernetes-validate")
def _(_: Path) -> None:
    import kubernetes_validate

    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "a"}}
    newest = kubernetes_validate.latest_version()
    assert newest.startswith(kubernetes_validate.validate(namespace, newest, strict=True))
