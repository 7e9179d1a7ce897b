"""Values of Airflow's official chart: the same settings as in the image, and nothing that must not be there.

The chart itself is not available to these tests.
"""

from configparser import ConfigParser
from pathlib import Path
from typing import Any

import yaml

AIRFLOW = Path(__file__).parents[2] / "airflow"


def values() -> dict[str, Any]:
    """The values."""
    read: dict[str, Any] = yaml.safe_load((AIRFLOW / "helm-values.yaml").read_text())
    return read


def test_the_settings_are_those_of_the_image_and_of_the_dags() -> None:
    image = ConfigParser(interpolation=None)
    image.read(AIRFLOW / "airflow.cfg")
    settings = {section: dict(image[section]) for section in image.sections()}
    # The chart has a value of its own for it.
    assert settings["core"].pop("executor") == values()["executor"]
    config = values()["config"]
    credit = config.pop("credit")
    assert config == settings
    known = (AIRFLOW / "plugins" / "credit_airflow" / "settings.py").read_text()
    assert [name for name in credit if f"\n    {name}: " not in known] == []


def test_it_is_the_version_of_the_lock() -> None:
    lock = (AIRFLOW / "requirements.txt").read_text().splitlines()
    assert any(line.startswith(f"apache-airflow=={values()['airflowVersion']} ") for line in lock)


def test_no_secret_is_in_the_values_and_no_foreign_chart_is_enabled() -> None:
    read = values()
    assert not {"fernetKey", "jwtSecret", "apiSecretKey", "extraSecrets", "secret"} & set(read)
    assert "metadataConnection" not in read["data"]
    assert [name for name in ("postgresql", "redis", "statsd", "pgbouncer") if read[name]["enabled"]] == []


def test_components_run_as_the_user_of_the_image_with_limits_and_nothing_more() -> None:
    read = values()
    assert (read["uid"], read["gid"]) == (10001, 0)
    assert read["securityContexts"]["containers"]["readOnlyRootFilesystem"] is True
    assert read["securityContexts"]["containers"]["capabilities"] == {"drop": ["ALL"]}
    for name in ("apiServer", "scheduler", "dagProcessor", "triggerer"):
        assert set(read[name]["resources"]["limits"]) == {"cpu", "memory"}, name


def test_tasks_may_update_the_service_and_nothing_else() -> None:
    role, binding = yaml.safe_load_all((AIRFLOW / "rbac.yaml").read_text())
    assert [(rule["resources"], rule["resourceNames"], rule["verbs"]) for rule in role["rules"]] == [
        (["deployments"], [values()["config"]["credit"]["deployment"]], ["get", "patch"])
    ]
    assert binding["subjects"][0]["namespace"] == values()["config"]["credit"]["namespace"]
