"""Requests are checked strictly: impossible values are rejected by field, unusual ones are accepted."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_scoring.data_contracts.accepted_values import limits_of
from credit_scoring.data_contracts.application import APPLICATION_TEST
from credit_scoring.data_contracts.application_request import EXAMPLE, Application, raw_columns_of, unseen_categories
from tests.unit.api.fake_decisions import FakeDecisions

pytestmark = pytest.mark.slow

NUMBERS = [column for column in APPLICATION_TEST.columns if not column.is_category]
REQUIRED = [column.name for column in APPLICATION_TEST.columns if column.required and column.name != "SK_ID_CURR"]


def problems_of(client: TestClient, content: str | bytes) -> Any:
    """The problem of a rejected body."""
    answer = client.post("/predict", content=content, headers={"content-type": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert answer.status_code == problem["status"]
    return problem


@pytest.mark.parametrize(
    ("field", "value", "given"),
    [
        ("AMT_CREDIT", "a lot", "'a lot'"),
        ("AMT_CREDIT", "1", "'1'"),
        ("AMT_CREDIT", True, "true"),
        ("AMT_CREDIT", [1], "a list"),
        ("AMT_CREDIT", {"a": 1}, "an object"),
        ("AMT_CREDIT", None, "null"),
        ("AMT_CREDIT", -1, "-1"),
        ("AMT_CREDIT", 1e11, "100000000000.0"),
        ("FLAG_MOBIL", True, "true"),
        ("FLAG_MOBIL", 2, "2"),
        ("DAYS_BIRTH", -12_000.5, "-12000.5"),
        ("DAYS_BIRTH", -1, "-1"),
        ("CNT_FAM_MEMBERS", 2.0000000001, "2.0000000001"),
        ("CNT_CHILDREN", 2.5890419884777833e-42, "2.5890419884777833e-42"),
        ("DAYS_BIRTH", 10**400, "a whole number beyond 1e60"),
        ("DAYS_EMPLOYED", 365_242, "365242"),
        ("EXT_SOURCE_1", 1.01, "1.01"),
        ("SK_ID_CURR", 2**31, "2147483648"),
        ("SK_ID_CURR", 0, "0"),
        ("NAME_CONTRACT_TYPE", 7, "7"),
        ("NAME_CONTRACT_TYPE", "", "''"),
        ("NAME_CONTRACT_TYPE", "x" * 101, f"'{'x' * 59}..."),
        ("NAME_CONTRACT_TYPE", "a\0b", r"'a\x00b'"),
        ("NAME_CONTRACT_TYPE", "a\nb", r"'a\nb'"),
        ("COLOUR", "blue", "'blue'"),
        ("TARGET", 1, "1"),
        ("É/~\x01", 1, "1"),
    ],
)
def test_an_invalid_field_is_named_with_the_given_value_and_nothing_is_decided(
    client: TestClient, decisions: FakeDecisions, field: str, value: object, given: str
) -> None:
    problem = problems_of(client, json.dumps(EXAMPLE | {field: value}))
    assert problem["status"] == 422
    (error,) = problem["errors"]
    if field.isascii():
        assert error["pointer"] == f"#/{field}"
    assert error["given"] == given
    assert error["allowed"]
    assert decisions.requests == []


def test_an_error_names_the_allowed_range(client: TestClient) -> None:
    (error,) = problems_of(client, json.dumps(EXAMPLE | {"DAYS_EMPLOYED": 5}))["errors"]
    assert error["allowed"] == "a whole number from -37500 to 0, or 365243 for not known"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999"])
@pytest.mark.parametrize("column", ["AMT_CREDIT", "DAYS_BIRTH"])
def test_a_number_that_is_not_finite_is_rejected(
    client: TestClient, decisions: FakeDecisions, number: str, column: str
) -> None:
    text = json.dumps(EXAMPLE | {column: 0}).replace(f'"{column}": 0', f'"{column}": {number}')
    problem = problems_of(client, text)
    assert [error["pointer"] for error in problem["errors"]] == [f"#/{column}"]
    assert decisions.requests == []


@pytest.mark.parametrize("content", ["[]", "null", '"text"', "7"])
def test_json_that_is_not_an_object_is_rejected(client: TestClient, content: str) -> None:
    problem = problems_of(client, content)
    assert problem["status"] == 422
    assert problem["errors"][0]["pointer"] == "#"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"NAME_CONTRACT_TYPE": "\\ud800"}',
        b'{"NAME_CONTRACT_TYPE": "\xe9"}',
        b"\xff\xfe{\x00}\x00",
        b'{"AMT_CREDIT": ' + b"[" * 60_000,
    ],
)
def test_a_body_that_is_not_utf8_json_is_rejected(client: TestClient, content: bytes) -> None:
    problem = problems_of(client, content)
    assert (problem["status"], problem["type"]) == (400, "urn:credit-scoring:problem:unreadable-request")


@pytest.mark.parametrize(
    "media_type", ["", "text/plain", "application/json; charset=latin-1", "application/x-www-form-urlencoded"]
)
def test_a_body_not_declared_as_utf8_json_is_rejected(client: TestClient, media_type: str) -> None:
    answer = client.post("/predict", content=json.dumps(EXAMPLE), headers={"content-type": media_type})
    assert answer.status_code == 415


def test_a_compressed_body_is_rejected_with_the_accepted_encoding(client: TestClient) -> None:
    declared = {"content-type": "application/json", "content-encoding": "gzip"}
    answer = client.post("/predict", content=gzip.compress(json.dumps(EXAMPLE).encode()), headers=declared)
    assert (answer.status_code, answer.headers["accept-encoding"]) == (415, "identity")
    assert "without `Content-Encoding`" in answer.json()["detail"]


@pytest.mark.parametrize("coding", ["identity", "IDENTITY", ""])
def test_a_body_may_be_declared_as_not_encoded(client: TestClient, coding: str) -> None:
    declared = {"content-type": "application/json", "content-encoding": coding}
    assert client.post("/predict", content=json.dumps(EXAMPLE), headers=declared).status_code == 200


@pytest.mark.parametrize(
    ("path", "parameter", "allowed"),
    [("/predict", "explian", "there is explain"), ("/predict/batch", "explain", "there is none")],
)
def test_an_unknown_parameter_is_rejected(client: TestClient, path: str, parameter: str, allowed: str) -> None:
    answer = client.post(path, params={parameter: "true"}, json=EXAMPLE)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["given"]) == (parameter, "'true'")
    assert error["allowed"].endswith(allowed)


def test_json_may_be_declared_with_its_charset(client: TestClient) -> None:
    declared = {"content-type": "application/json; charset=UTF-8"}
    assert client.post("/predict", content=json.dumps(EXAMPLE), headers=declared).status_code == 200


@pytest.mark.parametrize("required", REQUIRED)
def test_a_missing_required_column_is_rejected(client: TestClient, required: str) -> None:
    left = {name: value for name, value in EXAMPLE.items() if name != required}
    (error,) = problems_of(client, json.dumps(left))["errors"]
    assert (error["pointer"], error["given"]) == (f"#/{required}", "nothing")


def test_at_most_50_invalid_fields_are_listed(client: TestClient) -> None:
    problem = problems_of(client, json.dumps(EXAMPLE | {f"unknown_{number}": 1 for number in range(200)}))
    assert len(problem["errors"]) == 50
    assert "and 197 more" in problem["detail"]


@pytest.mark.parametrize("column", NUMBERS, ids=lambda column: column.name)
def test_values_at_the_ends_of_a_range_are_accepted_and_values_beyond_are_not(column: Any) -> None:
    limits = limits_of(column)
    for value in (limits.minimum, limits.maximum, *limits.codes, column.minimum, column.maximum):
        assert Application.model_validate_json(json.dumps(EXAMPLE | {column.name: value}))
    for value in (limits.minimum - 1, limits.maximum + 1):
        if value not in limits.codes:
            with pytest.raises(ValueError):
                Application.model_validate_json(json.dumps(EXAMPLE | {column.name: value}))


def test_a_client_older_and_richer_than_all_published_ones_is_accepted() -> None:
    unusual = {"DAYS_BIRTH": -38_000, "AMT_INCOME_TOTAL": 5e9, "CNT_CHILDREN": 35}
    assert Application.model_validate_json(json.dumps(EXAMPLE | unusual))


def test_categories_unknown_to_the_contract_are_found() -> None:
    values = raw_columns_of(
        Application.model_validate_json(
            json.dumps(EXAMPLE | {"OCCUPATION_TYPE": "Astronaut", "CODE_GENDER": "XNA", "HOUSETYPE_MODE": None})
        )
    )
    assert unseen_categories(values) == ["OCCUPATION_TYPE"]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.dictionaries(st.sampled_from(list(EXAMPLE)) | st.text(max_size=5), ANY_JSON, max_size=5))
def test_any_field_value_is_answered_or_rejected(client: TestClient, changes: dict[str, object]) -> None:
    answer = client.post(
        "/predict", content=json.dumps(EXAMPLE | changes), headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 400, 422)
    json.loads(answer.text, parse_constant=lambda constant: pytest.fail(f"{constant} is no JSON"))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200))
def test_any_bytes_are_rejected_with_a_client_error(client: TestClient, body: bytes) -> None:
    answer = client.post("/predict", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_the_openapi_description_names_every_raw_column(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    fields = schemas["Application"]["properties"]
    assert list(fields) == list(APPLICATION_TEST.column_names)
    for column in APPLICATION_TEST.columns:
        described = fields[column.name]["description"]
        assert column.meaning in described
        assert all(category in described for category in column.categories)
        assert column.unit in described
        assert fields[column.name]["examples"] == [EXAMPLE[column.name]]
    assert set(schemas["Application"]["required"]) == set(REQUIRED)


def test_every_example_of_the_openapi_description_is_accepted(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    schemas = description["components"]["schemas"]
    sent = []
    for path, methods in description["paths"].items():
        for body in [method["requestBody"] for method in methods.values() if "requestBody" in method]:
            schema = schemas[body["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]]
            for example in _examples_of(schema):
                assert client.post(path, json=example).status_code == 200
                sent.append(path)
    assert sent == ["/predict", "/predict/batch", "/outcomes"]


def test_the_committed_openapi_file_equals_the_description_of_the_service(client: TestClient) -> None:
    published = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text())
    assert published == client.get("/openapi.json").json()


def _examples_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Whole bodies: the example of a schema, or one made of the examples of its fields."""
    if "example" in schema:
        return [schema["example"]]
    fields = schema["properties"]
    return [
        dict(zip(fields, chosen, strict=True))
        for chosen in zip(*(field["examples"] for field in fields.values()), strict=True)
    ]
