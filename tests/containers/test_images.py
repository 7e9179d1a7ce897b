"""The built images: size, structure, contents, and that two builds are equal."""

import json
import tarfile
from hashlib import sha256
from pathlib import Path
from subprocess import PIPE, Popen

import pytest

from scripts.containers.images import IMAGES, MAXIMUM_MEGABYTES_OF_AIRFLOW, Image, dockerfile
from tests.support.containers import ROOT, TOOLS, image_name, inspected, output_of, run_hardened

EVERY_IMAGE = pytest.mark.parametrize("image", IMAGES, ids=lambda image: image.name)
STATE = "/var/lib/credit-scoring"
FORBIDDEN_PROGRAMS = "pip uv uvx gcc cc g++ ld make git curl wget hatchling pytest"
FORBIDDEN_FILES = (
    r"find / -xdev -type f \( -name '*.csv' -size +1000k -o -name 'test_*.py' -path '*credit_scoring*' "
    r"-o -name '.env' -o -name 'id_rsa*' -o -name '*.key' -o -path '/build/*' -o -path '/root/.cache/*' \) 2>/dev/null"
)
FOREIGN_FILES = "find / -xdev -not -user root -not -path '/proc/*' -not -path '/tmp*' 2>/dev/null"
WRITABLE_FILES = "find /opt /usr /etc -xdev -perm /022 -not -type l 2>/dev/null"
MODEL_LIBRARIES = ("numpy", "lightgbm", "xgboost-cpu", "scipy")


@EVERY_IMAGE
def test_the_dockerfile_is_the_rendered_one(image: Image) -> None:
    assert (ROOT / "docker" / f"Dockerfile.{image.name}").read_text() == dockerfile(image)


@EVERY_IMAGE
def test_the_unpacked_size_is_within_its_limit(image: Image, compressed_megabytes: dict[str, int]) -> None:
    megabytes = inspected("image", image_name(image.name))["Size"] / 1e6
    assert megabytes <= image.maximum_megabytes, _largest_packages(image)
    assert compressed_megabytes[image_name(image.name)] <= 500, _largest_packages(image)


def test_airflow_itself_is_smaller_than_a_gigabyte() -> None:
    megabytes = inspected("image", image_name("airflow"))["Size"] / 1e6
    program = run_hardened("airflow", "-c", "du --bytes --summarize /opt/credit-scoring", entrypoint="sh").split()[0]
    assert megabytes - int(program) / 1e6 <= MAXIMUM_MEGABYTES_OF_AIRFLOW


@EVERY_IMAGE
def test_the_structure_is_as_declared(image: Image, tmp_path: Path) -> None:
    checks = {
        "schemaVersion": "2.0.0",
        "metadataTest": {
            "user": "10001:0",
            "workdir": STATE,
            "entrypoint": list(image.entrypoint),
            "cmd": list(image.command),
            "exposedPorts": [str(image.port)] if image.port else [],
            "envVars": [
                {"key": "CREDIT_DATA_DIRECTORY", "value": STATE},
                {"key": "CREDIT_LOG_FORMAT", "value": "json"},
            ],
            "labels": [
                {"key": "org.opencontainers.image.title", "value": f"credit-scoring-{image.name}"},
                {"key": "org.opencontainers.image.licenses", "value": "Apache-2.0"},
                {"key": "org.opencontainers.image.revision", "value": "[0-9a-f]{40}|unknown", "isRegex": True},
            ],
        },
        "commandTests": [
            {"name": "version", "command": "credit-scoring", "args": ["version"], "expectedOutput": ["\\d"]}
        ],
        "fileExistenceTests": [
            {"name": "state", "path": STATE, "shouldExist": True, "permissions": "drwxrwxr-x", "uid": 10001, "gid": 0},
            {"name": "sources", "path": "/build", "shouldExist": False},
        ],
    }
    file = tmp_path / "structure.json"
    file.write_text(json.dumps(checks))
    output_of(TOOLS / "container-structure-test", "test", "--image", image_name(image.name), "--config", file)


@EVERY_IMAGE
def test_it_runs_as_any_user_without_capabilities_on_a_read_only_root(image: Image) -> None:
    assert run_hardened(image.name, "version").strip()


@EVERY_IMAGE
def test_it_has_no_build_tool_no_source_no_data_and_no_secret(image: Image) -> None:
    found = run_hardened(image.name, "-c", f"which {FORBIDDEN_PROGRAMS}; {FORBIDDEN_FILES}; true", entrypoint="sh")
    assert found == ""
    description = json.dumps(inspected("image", image_name(image.name))["Config"]).lower()
    assert not any(word in description for word in ("password", "secret", "token"))


@EVERY_IMAGE
def test_only_the_state_directories_belong_to_the_program(image: Image) -> None:
    found = run_hardened(image.name, "-c", f"{FOREIGN_FILES}; {WRITABLE_FILES}; true", entrypoint="sh")
    assert set(found.split()) == {STATE, f"{STATE}/metrics", *image.state_directories}


def test_what_touches_a_model_has_one_version_in_training_and_service() -> None:
    code = f"from importlib.metadata import version as v; print([(n, v(n)) for n in {MODEL_LIBRARIES}])"
    versions = {name: run_hardened(name, "-c", code, entrypoint="python") for name in ("training", "api")}
    assert versions["training"] == versions["api"]
    pythons = {run_hardened(image.name, "--version", entrypoint="python") for image in IMAGES}
    assert len(pythons) == 1


def test_every_library_of_training_can_be_imported_after_the_pruning() -> None:
    names = "lightgbm xgboost sklearn imblearn shap skops optuna mlflow.pyfunc evidently polars deltalake fpdf"
    code = f"import importlib; [importlib.import_module(name) for name in '{names}'.split()]"
    run_hardened("training", "-c", code, entrypoint="python")


def test_every_provider_and_the_drivers_of_airflow_can_be_imported_after_the_pruning() -> None:
    names = "fab.auth_manager.fab_auth_manager cncf.kubernetes.hooks.kubernetes slack.notifications.slack_webhook "
    names += "smtp.notifications.smtp standard.operators.hitl postgres.hooks.postgres"
    code = "import asyncpg, importlib, psycopg2; "
    code += f"[importlib.import_module('airflow.providers.' + name) for name in '{names}'.split()]"
    run_hardened("airflow", "python", "-c", code)


@EVERY_IMAGE
def test_hadolint_accepts_the_dockerfile(image: Image) -> None:
    output_of(TOOLS / "hadolint", f"docker/Dockerfile.{image.name}")


def test_checkov_accepts_the_dockerfiles() -> None:
    # CKV_DOCKER_7 does not follow the argument that holds the tag of the base image.
    options = ["--framework", "dockerfile", "--compact", "--quiet", "--skip-check", "CKV_DOCKER_7"]
    output_of(TOOLS / "checkov", "--directory", "docker", *options)


@EVERY_IMAGE
def test_a_second_build_has_the_same_files(image: Image) -> None:
    output_of(
        "scripts/containers/build_images.sh",
        image.name,
        # What an image extends is compared by a case of its own.
        variables={
            **{"IMAGE_TAG": "again", "BUILD_OPTIONS": "--no-cache", "SIZES": "0"},
            "TRAINING_IMAGE": image_name("training"),
        },
    )
    try:
        assert _tree(f"credit-scoring-{image.name}:again") == _tree(image_name(image.name))
    finally:
        output_of("docker", "image", "rm", f"credit-scoring-{image.name}:again")


def test_a_change_in_the_sources_rebuilds_only_the_last_layers() -> None:
    for image in IMAGES:
        lines = dockerfile(image).splitlines()
        sources = "COPY airflow/dags /opt/airflow/dags" if image.base else "COPY src src"
        assert lines.index(sources) > next(i for i, line in enumerate(lines) if "prune.py /opt" in line)


def _largest_packages(image: Image) -> str:
    code = "cd /opt/credit-scoring/lib/python3*/site-packages && du -sm * | sort -rn | head -10"
    return f"Largest packages of {image.name} in MB:\n{run_hardened(image.name, '-c', code, entrypoint='sh')}"


def _tree(name: str) -> dict[str, str]:
    """Every path of an image with its mode, owner and content; without times, which the builder sets."""
    container = output_of("docker", "create", name).strip()
    try:
        tree = {}
        with Popen(["docker", "export", container], stdout=PIPE) as export:
            with tarfile.open(fileobj=export.stdout, mode="r|") as archive:
                for entry in archive:
                    content = archive.extractfile(entry) if entry.isfile() else None
                    digest = sha256(content.read()).hexdigest() if content else entry.linkname
                    tree[entry.name] = f"{entry.mode:o} {entry.uid}:{entry.gid} {digest}"
        return tree
    finally:
        output_of("docker", "rm", container)
