"""The update of the service: replicas by DNS on Compose, a rolling update in Kubernetes, pods that run commands."""

import json
from collections import deque
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import pytest
import yaml
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from credit_airflow import pod_run, replicas
from credit_airflow.operators import CreditScoringOperator, ModelServingUpdateOperator
from credit_airflow.rollout import unfinished
from credit_airflow.settings import CreditSettings
from urllib3.exceptions import ProtocolError

KEY = "a-key"  # pragma: allowlist secret


class FakeServer:
    """A server with prepared answers by method and path; of several answers each is given once, the last for good."""

    def __init__(self) -> None:
        self.answers: dict[str, deque] = {}
        self.requests: list[tuple[str, object]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def _answer(self) -> None:
                name = f"{self.command} {self.path.split('?')[0]}"
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((name, json.loads(body) if body else None))
                prepared = outer.answers.get(name)
                if prepared is None or (name.endswith("/model-info") and self.headers["X-API-Key"] != KEY):
                    self.send_response(404 if prepared is None else 401)
                    self.end_headers()
                    return
                answer = prepared.popleft() if len(prepared) > 1 else prepared[0]
                text = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json" if not isinstance(answer, bytes) else "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PATCH = do_DELETE = _answer

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def gives(self, request: str, *answers: object) -> None:
        self.answers[request] = deque(answers)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[FakeServer]:
    made = FakeServer()
    yield made
    made.close()


@pytest.fixture
def service(server, monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("AIRFLOW__CREDIT__KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("AIRFLOW__CREDIT__STAGING_URL", server.url)
    return server


@pytest.fixture
def cluster(service, monkeypatch, tmp_path):
    """A Kubernetes API, in a file as kubectl reads it."""
    named = {"name": "a", "context": {"cluster": "a", "user": "a"}}
    content = {
        "current-context": "a",
        "contexts": [named],
        "clusters": [{"name": "a", "cluster": {"server": service.url}}],
        "users": [{"name": "a", "user": {}}],
    }
    (tmp_path / "kubeconfig").write_text(yaml.safe_dump(content))
    monkeypatch.setenv("AIRFLOW__CREDIT__EXECUTION", "kubernetes")
    import kubernetes.config.kube_config as kube_config

    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(tmp_path / "kubeconfig"))
    return service


def update(version: int = 5, wait_seconds: float = 30) -> ModelServingUpdateOperator:
    return ModelServingUpdateOperator(
        task_id="a", environment="staging", version=str(version), wait_seconds=wait_seconds, poll_seconds=0.01
    )


def test_the_task_waits_until_the_service_answers_with_the_version(service, context):
    service.gives("GET /model-info", {"model_version": 4}, {"model_version": 4}, {"model_version": 5})
    assert update().execute(context()) == {"version": 5, "replicas": 1}
    assert len(service.requests) == 3


def test_a_service_that_keeps_its_version_fails_the_task_and_says_so(service, context):
    service.gives("GET /model-info", {"model_version": 4})
    with pytest.raises(AirflowException, match="serves version 5 after 0.1 s: 127.0.0.1:[0-9]+: version 4"):
        update(wait_seconds=0.1).execute(context())


def test_every_replica_counts(service, context, monkeypatch):
    """One of two addresses answers with the version, behind the other nothing listens."""
    service.gives("GET /model-info", {"model_version": 5})
    monkeypatch.setattr(replicas, "addresses_of", lambda url: ["127.0.0.1", "127.0.0.2"])
    with pytest.raises(AirflowException, match="127.0.0.1:[0-9]+: version 5; 127.0.0.2:[0-9]+: ConnectError"):
        update(wait_seconds=0.1).execute(context())


def test_a_wrong_key_is_named(service, context, tmp_path):
    service.gives("GET /model-info", {"model_version": 5})
    (tmp_path / "key").write_text("another\n")
    with pytest.raises(AirflowFailException, match="127.0.0.1:[0-9]+ refuses the API key"):
        update().execute(context())


def test_a_name_without_address_is_no_success() -> None:
    assert replicas.ask_replicas("http://name.invalid:8000", KEY)[0].version is None


DEPLOYMENT = "/apis/apps/v1/namespaces/mlops-credit-scoring-staging/deployments/credit-scoring-api"


def deployment(updated: int, available: int, total: int = 2, observed: int = 3, reason: str = "") -> dict:
    return {
        "metadata": {"generation": 3},
        "spec": {
            "replicas": 2,
            "selector": {},
            "template": {"spec": {"containers": [{"name": "api", "image": "api:1"}]}},
        },
        "status": {
            "observedGeneration": observed,
            "replicas": total,
            "updatedReplicas": updated,
            "availableReplicas": available,
            "conditions": [{"type": "Progressing", "status": "False", "reason": reason}] if reason else [],
        },
    }


def test_kubernetes_replaces_the_pods_and_the_task_waits_for_all_of_them(cluster, context):
    cluster.gives(f"PATCH {DEPLOYMENT}", deployment(0, 2))
    states = [deployment(0, 2, observed=2), deployment(1, 2, total=3), deployment(2, 1), deployment(2, 2)]
    cluster.gives(f"GET {DEPLOYMENT}", *states)
    cluster.gives("GET /model-info", {"model_version": 5})
    assert update().execute(context())["version"] == 5
    patch = next(body for name, body in cluster.requests if name.startswith("PATCH"))
    assert patch["spec"]["template"]["metadata"]["annotations"] == {"credit-scoring/model-version": "5"}
    assert [name for name, _ in cluster.requests].count(f"GET {DEPLOYMENT}") == 4


def test_another_image_is_written_into_the_template(cluster, context):
    cluster.gives(f"PATCH {DEPLOYMENT}", deployment(2, 2))
    cluster.gives(f"GET {DEPLOYMENT}", deployment(2, 2))
    cluster.gives("GET /model-info", {"model_version": 5})
    operator = update()
    operator.image = "api:2"
    operator.execute(context())
    patch = next(body for name, body in cluster.requests if name.startswith("PATCH"))
    assert patch["spec"]["template"]["spec"] == {"containers": [{"name": "api", "image": "api:2"}]}


def test_a_rollout_that_the_cluster_gave_up_fails_the_task_at_once(cluster, context):
    cluster.gives(f"PATCH {DEPLOYMENT}", deployment(0, 2))
    cluster.gives(f"GET {DEPLOYMENT}", deployment(1, 1, reason="ProgressDeadlineExceeded"))
    with pytest.raises(AirflowException, match="did not finish: 1 of 2 pods are new"):
        update().execute(context())


def test_a_rollout_is_complete_only_without_old_pods() -> None:
    state = {
        "metadata": {"generation": 1},
        "spec": {"replicas": 2},
        "status": {"observed_generation": 1, "replicas": 3, "updated_replicas": 2, "available_replicas": 3},
    }
    assert unfinished(state) == "1 old pods still run"


PODS = "/api/v1/namespaces/mlops-credit-scoring/pods"
LABELS = "app.kubernetes.io/managed-by"


def pod(phase: str, exit_code: int | None = None) -> dict:
    ended = {"terminated": {"exitCode": exit_code}} if exit_code is not None else {"running": {}}
    statuses = [
        {"name": "credit-scoring", "image": "i", "imageID": "i", "ready": True, "restartCount": 0, "state": ended}
    ]
    return {"metadata": {"name": "credit-a"}, "status": {"phase": phase, "containerStatuses": statuses}}


def run_in_pod(cluster, exit_code: int, log: bytes = b"") -> None:
    cluster.gives(f"GET {PODS}", {"items": []})
    cluster.gives(f"POST {PODS}", pod("Pending"))
    cluster.gives(f"GET {PODS}/credit-a", pod("Running"), pod("Failed" if exit_code else "Succeeded", exit_code))
    cluster.gives(f"GET {PODS}/credit-a/log", log)
    cluster.gives(f"DELETE {PODS}/credit-a", {})


def test_a_command_runs_as_a_pod_without_rights_and_the_pod_is_deleted(cluster, context, monkeypatch):
    monkeypatch.setattr(pod_run, "_POLL_SECONDS", 0.01)
    run_in_pod(cluster, 0, b'started\n{"result": {"version": 3}}\n')
    operator = CreditScoringOperator(task_id="a", arguments=["model", "stage", "3", "--json"])
    assert operator.execute(context()) == {"version": 3, "alarm": False}
    manifest = next(body for name, body in cluster.requests if name == f"POST {PODS}")
    container = manifest["spec"]["containers"][0]
    assert container["command"][1:] == ["model", "stage", "3", "--json"]
    assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert manifest["spec"]["securityContext"]["runAsNonRoot"] and manifest["spec"]["restartPolicy"] == "Never"
    assert {"name": "raw", "mountPath": "/raw", "readOnly": True} in container["volumeMounts"]
    (raw,) = [one for one in manifest["spec"]["volumes"] if one["name"] == "raw"]
    assert raw["persistentVolumeClaim"] == {"claimName": "credit-scoring-raw", "readOnly": True}
    assert manifest["metadata"]["labels"]["task_id"] == "a_task"
    assert f"DELETE {PODS}/credit-a" in [name for name, _ in cluster.requests]


def test_a_pod_that_ran_out_of_memory_is_tried_again(cluster, context, monkeypatch):
    monkeypatch.setattr(pod_run, "_POLL_SECONDS", 0.01)
    run_in_pod(cluster, 137)
    with pytest.raises(AirflowException, match="exit code 137.*lack of memory") as caught:
        CreditScoringOperator(task_id="a", arguments=["train"]).execute(context())
    assert type(caught.value) is AirflowException


def test_a_pod_of_an_earlier_try_is_deleted_first(cluster, context, monkeypatch):
    monkeypatch.setattr(pod_run, "_POLL_SECONDS", 0.01)
    run_in_pod(cluster, 0)
    earlier = {"items": [{**pod("Running"), "metadata": {"name": "earlier"}}]}
    cluster.gives(f"GET {PODS}", earlier, earlier, {"items": []})
    cluster.gives(f"DELETE {PODS}/earlier", {})
    CreditScoringOperator(task_id="a", arguments=["train"]).execute(context())
    names = [name for name, _ in cluster.requests]
    # Asked again until it is gone: both would write the same files.
    assert names[:5] == [f"GET {PODS}", f"DELETE {PODS}/earlier"] * 2 + [f"GET {PODS}"]
    assert names.index(f"DELETE {PODS}/earlier") < names.index(f"POST {PODS}")


def test_a_log_that_breaks_off_does_not_end_the_command_and_its_result_is_found(cluster, context, monkeypatch):
    monkeypatch.setattr(pod_run, "_POLL_SECONDS", 0.01)
    run_in_pod(cluster, 0, b'{"result": {"version": 3}}\n')

    def broken(_):
        raise ProtocolError("Connection broken")

    monkeypatch.setattr(pod_run.PodRun, "_lines", broken)
    operator = CreditScoringOperator(task_id="a", arguments=["model", "stage", "3", "--json"])
    assert operator.execute(context()) == {"version": 3, "alarm": False}


def test_a_pod_has_the_labels_and_limits_of_the_charts_own_jobs() -> None:
    settings = CreditSettings(release="credit", task_processors="4", task_memory="16Gi")
    made = pod_run.pod_of(["credit-scoring", "train"], {}, settings, {"task_id": "train"})
    labels = {name.partition("/")[2]: value for name, value in made["metadata"]["labels"].items() if "/" in name}
    assert labels == {
        "name": "credit-scoring",
        "instance": "credit",
        "component": "batch",
        "part-of": "credit-scoring",
    }
    assert made["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "4", "memory": "16Gi"}


def test_labels_are_valid_and_do_not_name_the_try() -> None:
    instance = SimpleNamespace(
        dag_id="d", task_id="group.task", run_id="scheduled__2026-11-29T01:00:00+00:00", map_index=1
    )
    labels = pod_run.labels_of({"ti": instance})
    assert labels["run_id"] == "scheduled__2026-11-29T01_00_00_00_00"
    assert labels["map_index"] == "1"
