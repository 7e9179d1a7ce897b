"""The pages of drift reports: only files of the folder, and only for users."""

import pytest
from airflow.api_fastapi.core_api.security import get_user
from credit_airflow_reports.application import create_application
from fastapi.testclient import TestClient


@pytest.fixture
def application(monkeypatch, tmp_path):
    (tmp_path / "reports" / "run").mkdir(parents=True)
    (tmp_path / "reports" / "run" / "page.html").write_text("a report")
    (tmp_path / "secret").write_text("a secret")
    (tmp_path / "reports" / "link").symlink_to(tmp_path / "secret")
    monkeypatch.setenv("AIRFLOW__CREDIT__REPORT_DIRECTORY", str(tmp_path / "reports"))
    return create_application()


@pytest.fixture
def user(application):
    application.dependency_overrides[get_user] = lambda: "ada"
    return TestClient(application)


def test_a_user_gets_a_report(user):
    assert user.get("/run/page.html").text == "a report"


@pytest.mark.parametrize("path", ["%2e%2e/secret", "run/%2e%2e/%2e%2e/secret", "link", "run", "", "%2Fetc%2Fpasswd"])
def test_nothing_else_than_files_of_the_folder_is_given(user, path):
    answer = user.get(f"/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_folder_there_are_no_reports(user, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CREDIT__REPORT_DIRECTORY", "")
    assert user.get("/run/page.html").status_code == 404


def test_without_a_login_there_is_no_answer(application):
    assert TestClient(application).get("/run/page.html").status_code == 401
