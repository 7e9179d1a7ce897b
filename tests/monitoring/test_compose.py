"""The profiles `monitoring` and `logs` as declared; tests/containers/test_monitored_platform.py starts them."""

import yaml

from scripts.monitoring.files import MONITORING

MONITORED = {"prometheus", "alertmanager", "grafana", "node-exporter", "cadvisor", "postgres-exporter"}
MONITORED |= {"blackbox-exporter", "mailpit"}
LOGS = {"victoria-logs", "log-collector"}
SERVICES = yaml.safe_load((MONITORING / "docker-compose.monitoring.yml").read_text())["services"]


def test_every_service_of_the_design_is_there() -> None:
    by_profile = {
        profile: {name for name, one in SERVICES.items() if profile in one["profiles"]}
        for profile in ("monitoring", "logs")
    }
    assert by_profile == {"monitoring": MONITORED, "logs": LOGS}


def test_cadvisor_alone_can_reach_the_engine_and_nothing_outside_can_reach_it() -> None:
    with_socket = [name for name, one in SERVICES.items() if "docker.sock" in str(one.get("volumes"))]
    assert with_socket == ["cadvisor"]
    assert SERVICES["cadvisor"]["networks"] == ["back"] and "ports" not in SERVICES["cadvisor"]


def test_the_collector_takes_lines_of_this_project_alone() -> None:
    # Not proven live: the image cannot be obtained here. The options are those of Fluent Bit's documentation.
    pipelines = [
        yaml.safe_load((MONITORING / "fluent-bit" / name).read_text())["pipeline"]
        for name in ("fluent-bit.yaml", "fluent-bit.elasticsearch.yaml")
    ]
    assert pipelines[0]["inputs"] == pipelines[1]["inputs"] and pipelines[0]["filters"] == pipelines[1]["filters"]
    only_this_project, *others = pipelines[0]["filters"]
    assert only_this_project["name"] == "grep"
    assert only_this_project["regex"] == "$attrs['com.docker.compose.project'] ^${COMPOSE_PROJECT}$"
    assert [one["name"] for one in others] == ["nest", "modify", "parser", "modify"]
    assert (others[-1]["condition"], others[-1]["add"]) == (
        ["Key_value_matches service ^airflow-"],
        "component airflow",
    )
    assert SERVICES["log-collector"]["environment"]["COMPOSE_PROJECT"] == "${COMPOSE_PROJECT_NAME}"
    for service in SERVICES.values():
        assert service["logging"]["options"]["labels"] == "com.docker.compose.project,com.docker.compose.service"
