"""The platform of Compose: first start, failures of each service under load, restart, backup, and removal.

The tests run in this order on one platform: a later one finds what the earlier ones recorded.
"""

import json
import re
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support.containers import inspected, output_of
from tests.support.platform import APPLICATION, Platform, described

CALLERS = 8
OUTAGE_SECONDS = 6.0
AIRFLOW_USERS = "SELECT count(*) FROM ab_user"
NEW_CLIENT = {name: value for name, value in APPLICATION.items() if name != "SK_ID_CURR"}


class Load:
    """Callers that decide through the proxy as fast as they are answered.

    Args:
        application: what they send.
        repeatable: whether requests carry idempotency keys; such requests are refused while the ledger is away.

    Attributes:
        decided: decision of each request that was answered, by idempotency key.
        failed: keys whose request was answered with an error or not at all, with the reason.
    """

    def __init__(
        self, platform: Platform, key: str, application: Mapping[str, object] = APPLICATION, repeatable: bool = True
    ) -> None:
        self._platform, self._key, self._application, self._repeatable = platform, key, application, repeatable
        self._stop = threading.Event()
        self.decided: dict[str, str] = {}
        self.failed: dict[str, str] = {}
        self._threads = [threading.Thread(target=self._call) for _ in range(CALLERS)]

    def _call(self) -> None:
        with self._platform.client(self._key) as client:
            while not self._stop.is_set():
                key = uuid.uuid4().hex
                try:
                    self.decided[key] = decide(client, key if self._repeatable else "", self._application)
                except (httpx.HTTPError, AssertionError) as error:
                    self.failed[key] = repr(error)

    def retry(self) -> None:
        """Send what failed once more, with the same keys."""
        with self._platform.client(self._key) as client:
            for key in list(self.failed):
                self.decided[key] = decide(client, key, self._application)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Call during a block."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()


def decide(client: httpx.Client, key: str = "", application: Mapping[str, object] = APPLICATION) -> str:
    """Identifier of a decision, with an idempotency key if one is given."""
    answer = client.post("/predict", json=application, headers={"Idempotency-Key": key} if key else {})
    assert answer.status_code == 200, f"{answer.status_code}: {answer.text[:200]}"
    return str(answer.json()["decision_id"])


def recorded(platform: Platform) -> int:
    """Number of decisions in the ledger, which is verified."""
    found = re.search(r"([\d,]+) decisions", platform.command("decisions", "verify"))
    assert found is not None
    return int(found[1].replace(",", ""))


@pytest.fixture(scope="module")
def key(platform: Platform) -> str:
    """A key that may decide and read."""
    return platform.created_key()


def test_the_first_start_serves_a_synthetic_model_from_staging(platform: Platform) -> None:
    with platform.client() as client:
        health = client.get("/health").json()
        assert (health["status"], health["model_version"]) == ("healthy", 1)
        assert client.get("/docs").status_code == 200
        assert client.get("/metrics").status_code == 404
        assert client.get("/health/ready").status_code == 404
    assert len(platform.containers("api")) == 2


def test_the_smoke_test_passes_through_the_proxy(platform: Platform) -> None:
    lines = platform.script("smoke.sh").splitlines()
    results = [line.split()[0] for line in lines if line.startswith(("passed", "failed", "skipped"))]
    assert len(results) >= 8 and set(results) == {"passed"}


def test_the_data_steps_run_in_their_own_image(platform: Platform) -> None:
    state = "/var/lib/credit-scoring"
    platform.command("synthesize", "--output", f"{state}/more", "--clients", "300", "--seed", "2", service="etl")
    for step in (
        ["ingest", "--source", f"{state}/more"],
        ["validate"],
        ["features", "build"],
        ["features", "publish"],
    ):
        platform.command(*step, service="etl")
    assert "1" in platform.command("features", "list", service="etl")


def test_no_secret_is_in_an_environment_a_process_list_a_description_or_a_log(platform: Platform) -> None:
    values = [file.read_text() for file in platform.secrets.iterdir() if file.name.endswith("_password")]
    assert len(values) >= 5
    shown = platform.logs()
    for container in platform.containers():
        shown += "".join(described(container))
    assert [value for value in values if value in shown] == []


def test_every_service_is_hardened_and_limited(platform: Platform) -> None:
    profiles = [f"--profile={name}" for name in ("backup", "jupyter", "monitoring", "logs", "airflow")]
    for service, declared in json.loads(platform.compose(*profiles, "config", "--format", "json"))["services"].items():
        assert declared["mem_limit"] and declared["cpus"] and declared["pids_limit"], service
        assert declared["read_only"] and declared["cap_drop"] == ["ALL"], service
    for container in platform.containers():
        host = inspected("container", container)["HostConfig"]
        assert host["ReadonlyRootfs"] and host["CapDrop"] == ["ALL"], container
        assert "no-new-privileges:true" in host["SecurityOpt"]
        assert host["Memory"] > 0 and host["LogConfig"]["Config"]["max-size"] == "10m"
        assert host["RestartPolicy"]["Name"] == "unless-stopped"


def test_a_killed_replica_loses_no_answered_decision(platform: Platform, key: str) -> None:
    before = recorded(platform)
    load = Load(platform, key)
    with load.running():
        time.sleep(1)
        platform.kill(platform.containers("api")[0])
        platform.wait("api")
        time.sleep(1)
    in_flight = len(load.failed)
    print(f"{len(load.decided)} answered, {in_flight} failed while the replica was killed: {set(load.failed.values())}")
    assert in_flight <= CALLERS
    load.retry()
    assert len(set(load.decided.values())) == len(load.decided)
    assert recorded(platform) == before + len(load.decided)


def test_decisions_on_new_clients_go_on_and_are_recorded_later_while_postgresql_is_away(
    platform: Platform, key: str
) -> None:
    before = recorded(platform)
    postgres = platform.containers("postgres")[0]
    load = Load(platform, key, NEW_CLIENT, repeatable=False)
    with load.running():
        time.sleep(1)
        output_of("docker", "kill", postgres)
        try:
            time.sleep(OUTAGE_SECONDS)
            during = len(load.decided)
            with platform.client(key) as client:
                # Without their history, clients with one are not decided on.
                known = client.post("/predict", json=APPLICATION).status_code
            time.sleep(1)
            after = len(load.decided)
        finally:
            output_of("docker", "start", postgres)
            platform.wait("postgres")
        time.sleep(2)
    print(f"{len(load.decided)} answered, {len(load.failed)} failed: {set(load.failed.values())}")
    assert known == 503
    assert after > during
    with platform.client(key) as client:
        deadline = time.monotonic() + 60
        while client.get("/health").json()["spooled_decisions"] and time.monotonic() < deadline:
            time.sleep(0.2)
        missing = [one for one in load.decided.values() if client.get(f"/decisions/{one}").status_code != 200]
    assert missing == []
    assert recorded(platform) >= before + len(load.decided)


@pytest.mark.parametrize("service", ["mlflow", "proxy"])
def test_the_api_goes_on_and_a_killed_service_comes_back(platform: Platform, key: str, service: str) -> None:
    platform.kill(platform.containers(service)[0])
    if service == "mlflow":
        with platform.client(key) as client:
            decide(client)
    platform.wait(service)
    with platform.client(key) as client:
        decide(client)


def test_a_stopped_replica_finishes_its_requests_and_exits_with_0(platform: Platform, key: str) -> None:
    load = Load(platform, key)
    container = platform.containers("api")[0]
    with load.running():
        time.sleep(0.5)
        output_of("docker", "stop", container)
    assert inspected("container", container)["State"]["ExitCode"] == 0
    assert load.failed == {}
    platform.wait("api")


def test_a_restart_of_everything_keeps_decisions_models_and_features(platform: Platform, key: str) -> None:
    before = recorded(platform)
    platform.down()
    platform.up()
    assert recorded(platform) == before
    with platform.client(key) as client:
        assert client.get("/health").json()["model_version"] == 1
        decide(client)


def test_a_new_password_reaches_every_service(platform: Platform, key: str) -> None:
    before = {name: platform.containers(name) for name in ("api", "mlflow")}
    for name in ("credit_password", "credit_url", "mlflow_password", "mlflow_url"):
        (platform.secrets / name).unlink()
    platform.up()
    assert all(platform.containers(name) != containers for name, containers in before.items())
    with platform.client(key) as client:
        decide(client)


def test_a_backup_restores_into_new_volumes_also_without_the_keys_of_persons(platform: Platform, key: str) -> None:
    run = ("run", "--rm", "-T")
    shell = (*run, "--no-deps", "--entrypoint", "sh", "backup", "-c")
    # As in a volume of an older version.
    platform.compose(*shell, "rm -r /data/metrics")
    platform.compose(*run, "backup", "once")
    assert 'timestamp_seconds{step="backup"} 1' in platform.compose(*shell, "cat /data/metrics/backup.prom")
    saved = platform.compose(*run, "backup", "list").split()[-1]
    before, users_before = recorded(platform), platform.sql(AIRFLOW_USERS, "airflow")
    assert int(users_before) == 3
    with platform.client(key) as client:
        decide(client)
    platform.down()
    output_of("docker", "volume", "rm", f"{platform.name}_postgres", f"{platform.name}_mlflow")
    platform.compose("up", "--detach", "--wait", "postgres")
    platform.compose(*run, "backup", "restore", saved)
    platform.up()
    assert recorded(platform) == before
    assert platform.sql(AIRFLOW_USERS, "airflow") == users_before
    with platform.client(key) as client:
        decide(client)
    with pytest.raises(AssertionError, match="add --replace"):
        platform.compose(*run, "backup", "restore", saved)
    with pytest.raises(AssertionError, match=f"There is no backup ..*{saved}"):
        platform.compose(*run, "backup", "restore", "..")
    files = [f"/backups/{saved}/credit_keys.dump", f"/backups/{saved}/airflow.dump"]
    platform.compose(*run, "--entrypoint", "rm", "backup", *files)
    restored = platform.compose(*run, "backup", "restore", saved, "--replace")
    assert "keys of this backup were deleted" in restored
    # As in a backup of an older version.
    assert "The database airflow is not restored" in restored
    assert platform.sql(AIRFLOW_USERS, "airflow") == users_before


def test_a_failed_backup_is_reported_and_removes_no_older_one(platform: Platform) -> None:
    run = ("run", "--rm", "-T", "--no-deps")
    kept = platform.compose(*run, "backup", "list")
    platform.compose("stop", "postgres")
    command = "timeout 5 bash /backup.sh every 1 2>&1 || true"
    assert "The backup failed" in platform.compose(*run, "--entrypoint", "bash", "backup", "-c", command)
    assert platform.compose(*run, "backup", "list") == kept
    platform.compose("start", "postgres")


def test_removal_leaves_nothing(platform: Platform, tmp_path: Path) -> None:
    platform.down("--volumes")
    assert platform.leftovers() == {"ps": [], "volume": [], "network": []}
