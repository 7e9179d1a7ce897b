"""Values that occur nowhere else are sent to the platform, and searched in the logs of all its containers.

What the service and its commands log is searched more closely in tests/integration/test_no_personal_data_in_logs.py.
"""

import json
import re

import pytest

from tests.support.platform import APPLICATION, Platform

NAME, CLIENT, INCOME, CREDIT = "Canary-Dupont", 776_655_443, 135_791, 592_837
SEARCHED = [NAME, str(CLIENT), str(INCOME), str(CREDIT)]
CANARY = {**APPLICATION, "SK_ID_CURR": CLIENT, "AMT_INCOME_TOTAL": INCOME, "AMT_CREDIT": CREDIT}
VIOLATION = f"""
CREATE TEMPORARY TABLE clients (name text PRIMARY KEY, income int CHECK (income < 1000));
INSERT INTO clients VALUES ('{NAME}', 1);
INSERT INTO clients VALUES ('{NAME}', 2);
"""


def test_no_value_of_an_application_is_in_the_log_of_any_container(platform: Platform) -> None:
    with platform.client(platform.created_key()) as client:
        statuses = [
            client.post("/predict", json=CANARY).status_code,
            client.post("/predict", json=CANARY, params={"explain": "true"}).status_code,
            client.post("/predict", json=CANARY | {"AMT_CREDIT": NAME}).status_code,
            client.post("/predict", json=CANARY | {NAME: 1}).status_code,
            client.post("/predict", content=f"{{{NAME}", headers={"content-type": "application/json"}).status_code,
            client.post("/predict", json=CANARY, headers={"X-API-Key": NAME}).status_code,
            client.get(f"/clients/{CLIENT}", params={"name": NAME}).status_code,
            # The proxy rejects these itself.
            client.post(f"/clients/{CLIENT}", content=NAME * 1_000_000).status_code,
            client.get(f"/clients/{CLIENT}", headers={"X-Name": NAME * 10_000}).status_code,
            client.get(f"/health/{CLIENT}", params={"name": NAME}).status_code,
        ]
    assert {200, 401, 404, 413, 422, 431} <= set(statuses), statuses
    with pytest.raises(AssertionError, match="already exists"):
        platform.sql(VIOLATION)
    with pytest.raises(AssertionError, match="violates check"):
        platform.sql(f"{VIOLATION.splitlines()[1]} INSERT INTO clients VALUES ('{NAME}', {INCOME})")
    logs = platform.logs()
    assert [line for line in logs.splitlines() if any(value in line for value in SEARCHED)] == []
    # All of it was logged, without its values.
    assert logs.count("duplicate key value violates unique constraint") == 1
    assert logs.count("violates check constraint") == 1
    rejected = [json.loads(line) for line in re.findall(r'(\{.*"event":"rejected".*\})', logs)]
    assert {413, 431, 404} <= {line["status"] for line in rejected}
    assert {"timestamp", "level", "component", "version", "event"} <= set(rejected[0])
