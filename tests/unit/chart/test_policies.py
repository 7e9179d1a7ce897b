"""Rules that hold for every pod and every object, whatever the environment."""

import re
from functools import partial
from itertools import chain
from typing import Any

import pytest

from tests.support.chart import ENVIRONMENTS, Object, Pod, of_kind, pods, rendered

# Every component, each in the state in which it has the largest number of objects.
STATES = {
    "dev": partial(rendered, "dev", "rawLoader.enabled=true"),
    "staging": partial(rendered, "staging"),
    "upgrade": partial(rendered, "staging", upgrade=True),
    "production": partial(rendered, "production"),
    "canary": partial(rendered, "production", "api.rollout.enabled=true"),
}
in_every_state = pytest.mark.parametrize("name", STATES)


def pods_of(name: str) -> list[Pod]:
    """Every template of pods in a state."""
    return list(pods(STATES[name]()))


def secrets_of(value: Any) -> list[str]:
    """Texts that look like a password or an address that holds one."""
    if isinstance(value, dict):
        return list(chain.from_iterable(secrets_of(part) for part in value.values()))
    if isinstance(value, list):
        return list(chain.from_iterable(secrets_of(part) for part in value))
    return re.findall(r"\w+://[^/\s:]+:[^@\s$]+@", str(value))


@in_every_state
def test_a_pod_is_restricted(name: str) -> None:
    for pod in pods_of(name):
        security = pod.spec["securityContext"]
        assert security["runAsNonRoot"] is True, pod.name
        assert security["runAsUser"] > 0
        assert security["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC", "hostUsers"} & set(pod.spec)
        kinds = set(chain.from_iterable(volume for volume in pod.spec.get("volumes", ()))) - {"name"}
        assert kinds <= {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}
        for container in pod.containers():
            rights = container["securityContext"]
            assert rights["allowPrivilegeEscalation"] is False
            assert rights["readOnlyRootFilesystem"] is True
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert not {"privileged", "runAsUser", "procMount"} & set(rights)
            assert all("hostPort" not in port for port in container.get("ports", ()))


@in_every_state
def test_a_pod_has_neither_a_token_nor_variables_of_services(name: str) -> None:
    for pod in pods_of(name):
        assert pod.spec["automountServiceAccountToken"] is False
        assert pod.spec["enableServiceLinks"] is False


@in_every_state
def test_a_container_requests_and_limits_processors_and_memory(name: str) -> None:
    for pod in pods_of(name):
        for container in pod.containers():
            for kind in ("requests", "limits"):
                assert {"cpu", "memory"} <= set(container["resources"][kind]), (pod.name, container["name"])


@in_every_state
def test_a_server_has_all_three_probes(name: str) -> None:
    for pod in pods_of(name):
        if pod.owner["kind"] not in ("Deployment", "Rollout", "StatefulSet"):
            continue
        (container,) = pod.spec["containers"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container), pod.name


@in_every_state
def test_no_liveness_depends_on_a_database(name: str) -> None:
    for pod in pods_of(name):
        for container in pod.containers():
            probe = container.get("livenessProbe", {})
            assert probe.get("httpGet", {}).get("path") in (None, "/health/live", "/health")
            assert "psql" not in str(probe) and "pg_isready" not in str(probe)


@in_every_state
def test_every_mount_has_its_volume_and_every_volume_its_mount(name: str) -> None:
    for pod in pods_of(name):
        volumes = {volume["name"] for volume in pod.spec.get("volumes", ())}
        volumes |= {claim["metadata"]["name"] for claim in pod.owner["spec"].get("volumeClaimTemplates", ())}
        mounted = {mount["name"] for container in pod.containers() for mount in container.get("volumeMounts", ())}
        assert mounted == volumes, pod.name


@in_every_state
def test_what_pods_refer_to_exists(name: str) -> None:
    objects = STATES[name]()
    names = {
        kind: {one["metadata"]["name"] for one in of_kind(objects, kind)}
        for kind in ("ConfigMap", "PersistentVolumeClaim", "Secret", "ServiceAccount")
    }
    # A Secret of the operator's.
    names["Secret"].add("credit-scoring-databases")
    names["ServiceAccount"].add("default")
    for pod in pods(objects):
        assert pod.spec["serviceAccountName"] in names["ServiceAccount"]
        for volume in pod.spec.get("volumes", ()):
            if "configMap" in volume:
                assert volume["configMap"]["name"] in names["ConfigMap"], pod.name
            if "secret" in volume:
                assert volume["secret"]["secretName"] in names["Secret"], pod.name
            if "persistentVolumeClaim" in volume:
                assert volume["persistentVolumeClaim"]["claimName"] in names["PersistentVolumeClaim"], pod.name
        for container in pod.containers():
            for source in container.get("envFrom", ()):
                assert source["configMapRef"]["name"] in names["ConfigMap"], pod.name


@in_every_state
def test_every_object_says_what_it_is_for_and_to_what_it_belongs(name: str) -> None:
    for one in STATES[name]():
        metadata = one["metadata"]
        assert metadata["annotations"]["kubernetes.io/description"].endswith("."), metadata["name"]
        for label in ("name", "instance", "component", "part-of", "version", "managed-by"):
            assert metadata["labels"][f"app.kubernetes.io/{label}"], metadata["name"]
        assert metadata["namespace"] == "mlops-credit-scoring"


@in_every_state
def test_a_name_is_used_once(name: str) -> None:
    names = [(one["kind"], one["metadata"]["name"]) for one in STATES[name]()]
    assert len(names) == len(set(names))


@in_every_state
def test_selectors_match_their_pods_and_hold_no_version(name: str) -> None:
    servers = [pod for pod in pods_of(name) if pod.owner["kind"] in ("Deployment", "Rollout", "StatefulSet")]
    assert servers
    for pod in servers:
        selector, labels = pod.owner["spec"]["selector"]["matchLabels"], pod.labels
        assert selector.items() <= labels.items()
        assert set(selector) == {f"app.kubernetes.io/{label}" for label in ("name", "instance", "component")}
        # A new version of the chart alone replaces no pod.
        assert not {"helm.sh/chart", "app.kubernetes.io/version"} & set(labels)


@in_every_state
def test_no_secret_is_in_plain_sight(name: str) -> None:
    objects = [one for one in STATES[name]() if one["kind"] != "Secret"]
    assert secrets_of(objects) == []
    for pod in pods(objects):
        for container in pod.containers():
            for variable in container.get("env", ()):
                assert "valueFrom" not in variable, "secrets are files"
                assert not re.search("PASSWORD$|TOKEN$|SECRET", variable["name"]), variable["name"]


def test_a_password_in_an_address_is_noticed() -> None:
    assert secrets_of({"a": ["postgresql+psycopg://credit:hidden@host/credit"]})  # pragma: allowlist secret


def test_secrets_are_generated_in_development_alone() -> None:
    assert {name for name in STATES if of_kind(STATES[name](), "Secret")} == {"dev"}


def test_production_runs_images_by_digest_alone() -> None:
    for pod in pods(STATES["production"]()):
        for container in pod.containers():
            assert re.search(r"@sha256:[0-9a-f]{64}$", container["image"]), container["image"]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_no_image_is_latest(environment: str) -> None:
    images = {container["image"] for pod in pods(rendered(environment)) for container in pod.containers()}
    assert [image for image in images if image.endswith(":latest") or ":" not in image] == []


def test_the_ingress_has_no_annotations_of_a_controller() -> None:
    for name, objects_of in STATES.items():
        for ingress in of_kind(objects_of(), "Ingress"):
            assert set(ingress["metadata"]["annotations"]) == {"kubernetes.io/description"}, name


@pytest.mark.parametrize("kind", ["Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"])
def test_no_rights_are_granted(kind: str) -> None:
    assert [name for name, objects_of in STATES.items() if of_kind(objects_of(), kind)] == []


def test_a_hook_needs_nothing_that_is_installed_after_it() -> None:
    external = ("postgres.enabled=false", "networkPolicy.externalCidrs={192.0.2.0/24}")
    for objects in (STATES["upgrade"](), rendered("staging", *external)):
        (job,) = [one for one in of_kind(objects, "Job") if "migrate" in one["metadata"]["name"]]
        assert job["metadata"]["annotations"]["helm.sh/hook"] == "pre-install,pre-upgrade"
        (pod,) = list(pods([job]))
        assert pod.spec["serviceAccountName"] == "default"
        own: set[str] = {one["metadata"]["name"] for one in objects if is_hook(one)}
        for volume in pod.spec["volumes"]:
            assert "configMap" not in volume or volume["configMap"]["name"] in own
        assert all("envFrom" not in container for container in pod.containers())


def is_hook(one: Object) -> bool:
    """Whether Helm runs an object before the release."""
    return "helm.sh/hook" in one["metadata"]["annotations"]


@in_every_state
def test_a_client_of_postgresql_is_given_its_user(name: str) -> None:
    """The libraries of PostgreSQL look for the name of the user id, which it does not have in the image."""
    for pod in pods_of(name):
        for container in pod.containers():
            if (
                re.search(r"\b(psql|pg_isready)\b", str(container.get("command", "")))
                and pod.spec["securityContext"]["runAsUser"] == 10001
            ):
                assert "PGUSER" in {one["name"] for one in container["env"]}, pod.name
