"""A scheduler outside the cluster runs a step as a pod, and a rolling update (`AIRFLOW_ENVIRONMENT` is its folder)."""

import base64
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.test_disruptions import failures_of
from tests.support.cluster.load import Load
from tests.support.cluster.release import Release
from tests.support.containers import ROOT

PYTHON = Path(os.environ.get("AIRFLOW_ENVIRONMENT", ROOT / ".venv-airflow")) / "bin" / "python"
TASKS = "credit-scoring-tasks"
pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=f"{PYTHON} does not exist; see AIRFLOW_ENVIRONMENT")


@pytest.fixture(scope="module", autouse=True)
def tasks_settings(release: Release) -> None:
    """What docs/AIRFLOW.md asks an operator to create for the pods of tasks."""
    data = release.object("secret", "databases")["data"]
    names = ("ledger_url", "features_online_store_url", "api_keys_url", "drift_history_url")
    secret = {f"credit_{name}": data["credit_url"] for name in names} | {
        "credit_tuning_database_url": data["optuna_url"],
        "api_key": base64.b64encode(release.key.encode()).decode(),
    }
    settings = release.object("configmap", "settings")["data"]
    metadata = {"name": TASKS}
    release.apply(
        {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": secret},
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": settings},
    )


def test_a_step_runs_as_a_pod_which_is_removed_afterwards(release: Release, tmp_path: Path) -> None:
    _, log = _run(release, tmp_path, "CreditScoringOperator", arguments=["features", "build", "--force"])
    assert "step finished" in log, "The log of the pod did not arrive in that of the task."
    selector = "dag_id=cluster_test"
    release.kubectl("wait", "pod", "--selector", selector, "--for", "delete", "--timeout", "60s")


def test_a_trained_version_serves_on_all_replicas_after_a_rolling_update_that_fails_no_request(
    release: Release, tmp_path: Path, under_load: Load
) -> None:
    before = {pod["metadata"]["name"] for pod in release.pods("api")}
    environment = {"CREDIT_TRAINING_FAMILIES": "logistic_regression", "CREDIT_TUNING_TRIALS": "2"}
    trained, log = _run(
        release, tmp_path, "CreditScoringOperator", arguments=["train", "--json"], environment=environment
    )
    assert trained is not None, log
    version = trained["model_version"]
    assert version > 1, "The training registered no version of its own."
    result, log = _run(
        release, tmp_path, "ModelServingUpdateOperator", environment="staging", version=version, wait_seconds=600
    )
    assert result is not None and result["version"] == version, log
    pods = [pod["metadata"]["name"] for pod in release.pods("api")]
    assert before.isdisjoint(pods)
    assert {release.model_version(pod) for pod in pods} == {version}
    assert failures_of(under_load) == []


def _run(release: Release, folder: Path, operator: str, **arguments: Any) -> tuple[dict[str, Any] | None, str]:
    """Result and log of an operator."""
    key = folder / "key"
    key.write_text(release.key)
    settings = {
        "EXECUTION": "kubernetes",
        "NAMESPACE": release.namespace,
        "STAGING_NAMESPACE": release.namespace,
        "STAGING_URL": release.address,
        "IMAGE": f"credit-scoring-training:{release.tag}",
        "SERVICE_ACCOUNT": release.name,
        "RELEASE": release.name,
        "SECRET": TASKS,
        "CONFIG_MAP": TASKS,
        "KEY_FILE": str(key),
        "TASK_PROCESSORS": "1",
        "TASK_MEMORY": "2Gi",
    }
    done = subprocess.run(
        [PYTHON, ROOT / "airflow" / "tests" / "run_operator.py", operator, json.dumps(arguments)],
        env={
            **{name: os.environ[name] for name in ("PATH", "HOME", "KUBECONFIG")},
            **{f"AIRFLOW__CREDIT__{name}": value for name, value in settings.items()},
            "AIRFLOW_HOME": str(folder / "airflow"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "PYTHONPATH": str(ROOT / "airflow" / "plugins"),
            "NO_PROXY": "127.0.0.1,localhost",
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    log = done.stdout[-5000:] + done.stderr[-5000:]
    assert done.returncode == 0, log
    result: dict[str, Any] | None = json.loads(done.stdout.splitlines()[-1])
    return result, log
