"""Every request of docs/API.md gets an answer of the documented form."""

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from credit_scoring.api.main import create_app
from credit_scoring.api.security.keys import Scope, open_key_store
from credit_scoring.core.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "API.md").read_text()
# A request; the answer follows it, for the first one after an example in another language.
EXAMPLE = re.compile(r"```console\n\$ (curl .*?)\n```\n+(?:```python.*?```\n+)?```(?:json|text)\n(.*?)\n```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"
STORED_CLIENT = 7


def sent(client: TestClient, command: str, variables: dict[str, str]) -> tuple[str, Any]:
    """Method and path of a curl command, and the answer to it."""
    for name, value in variables.items():
        command = command.replace(f"${name}", value)
    arguments = shlex.split(command.replace("\\\n", " "))[2:]
    options = {word: arguments[index + 1] for index, word in enumerate(arguments) if word in ("--request", "--data")}
    headers = dict(arguments[index + 1].split(": ", 1) for index, word in enumerate(arguments) if word == "--header")
    path = next(word for word in arguments if word.startswith("http")).removeprefix(ADDRESS)
    method = options.get("--request", "POST" if "--data" in options else "GET")
    answer = client.request(method, path, headers=headers, content=options.get("--data"))
    assert answer.status_code == 200, answer.text
    return f"{method} {path}", answer.json() if "json" in answer.headers["content-type"] else answer.text


def form_of(documented: Any, answered: Any) -> Any:
    """The documented value with the types of an answer; fields of an answer that are not documented are left out."""
    if isinstance(documented, dict) and isinstance(answered, dict):
        return {name: form_of(value, answered.get(name, "absent")) for name, value in documented.items()}
    if isinstance(documented, list) and isinstance(answered, list) and documented and answered:
        return [form_of(documented[0], answered[0])]
    return "null" if answered is None else type(answered).__name__


def test_every_documented_request_is_answered_as_documented(trained_copy: Settings) -> None:
    settings = trained_copy.with_values(environment="staging", api={"requests_per_second": 1e6})
    store = open_key_store(settings)
    variables = {"TODAY": f"{datetime.now(UTC):%Y-%m-%d}", "KEY": store.create("documentation", [Scope.ADMIN])[1]}
    store.close()
    requests: set[str] = set()
    with TestClient(create_app(settings)) as client:
        described = client.get("/openapi.json").json()["paths"]
        for command, documented in EXAMPLE.findall(PAGE.replace("100001", str(STORED_CLIENT))):
            request, answer = sent(client, command, variables)
            if isinstance(answer, str):
                assert documented in answer
            else:
                example = json.loads(documented)
                assert form_of(example, answer) == form_of(example, example), request
                variables["ID"] = answer.get("decision_id", variables.get("ID", ""))
            requests.add(request.replace(variables["ID"], "{decision_id}").replace(f"/{STORED_CLIENT}", "/{client_id}"))
    assert requests == {f"{method.upper()} {path}" for path, methods in described.items() for method in methods}


def test_the_example_in_python_prints_a_decision(
    trained_copy: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = trained_copy.with_values(environment="staging")
    store = open_key_store(settings)
    key = store.create("documentation", [Scope.PREDICT])[1]
    store.close()
    (code,) = PYTHON.findall(PAGE.replace("100001", str(STORED_CLIENT)))
    with TestClient(create_app(settings), base_url=ADDRESS) as client:
        monkeypatch.setattr(httpx, "post", lambda url, timeout, **options: client.post(url, **options))
        exec(code, {"key": key})
    assert re.fullmatch(r"(accepted|refused) 0\.\d+", capsys.readouterr().out.splitlines()[-1])
