"""The Helm chart, rendered for tests; `make .venv-tools/installed` installs the programs."""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from scripts.kubernetes.manifests import CHART, NAMESPACE, objects_of
from scripts.kubernetes.programs import run

Object = dict[str, Any]

ENVIRONMENTS: Final = {"dev": "values-dev.yaml", "staging": "values-staging.yaml", "production": "values-prod.yaml"}
VERSIONS: Final = ("1.35.0", "1.36.0", "1.37.0")
DIGESTS: Final = Path(__file__).parents[1] / "unit" / "chart" / "digests.yaml"
"""Stand-ins for the digests that a release names."""


class Pod(NamedTuple):
    """A template of pods, with the object that has it."""

    owner: Object
    labels: dict[str, str]
    annotations: dict[str, str]
    spec: Object

    @property
    def name(self) -> str:
        """Kind and name of its owner."""
        return f"{self.owner['kind']}/{self.owner['metadata']['name']}"

    def containers(self) -> list[Object]:
        """All containers, those that run before the others included."""
        return [*self.spec.get("initContainers", ()), *self.spec["containers"]]


@cache
def rendered(
    environment: str, *settings: str, version: str = VERSIONS[-1], upgrade: bool = False
) -> tuple[Object, ...]:
    """All objects of an environment, as `helm install` or `helm upgrade` sends them.

    Args:
        settings: values that differ, as ``--set`` takes them.

    Raises:
        AssertionError: Helm refuses the values.
    """
    finished = run("helm", *template_arguments(environment, settings, version), *(["--is-upgrade"] if upgrade else []))
    assert finished.returncode == 0, finished.stderr
    return tuple(objects_of(finished.stdout))


def refusal(environment: str, *settings: str, digests: bool = True) -> str:
    """What Helm says about values that it refuses.

    Raises:
        AssertionError: it does not refuse them.
    """
    finished = run("helm", *template_arguments(environment, settings, VERSIONS[-1], digests))
    assert finished.returncode != 0, f"{settings} were accepted"
    return finished.stderr


def template_arguments(
    environment: str, settings: Sequence[str], version: str, digests: bool = True
) -> Iterator[str | Path]:
    """Arguments of `helm` that render the chart."""
    yield from ("template", "credit-scoring", CHART, "--namespace", NAMESPACE, "--kube-version", version)
    yield from ("--values", CHART / ENVIRONMENTS[environment])
    if digests:
        yield from ("--values", DIGESTS)
    for setting in settings:
        yield from ("--set", setting)


def of_kind(objects: Sequence[Object], kind: str) -> list[Object]:
    """The objects of a kind."""
    return [found for found in objects if found["kind"] == kind]


def named(objects: Sequence[Object], kind: str, name: str) -> Object:
    """One object, by its name without that of the release.

    Raises:
        AssertionError: there is none.
    """
    wanted = f"credit-scoring-{name}"
    found = [one for one in of_kind(objects, kind) if one["metadata"]["name"] == wanted]
    assert len(found) == 1, f"There are {len(found)} objects {kind}/{wanted}."
    return found[0]


def pods(objects: Sequence[Object]) -> Iterator[Pod]:
    """Every template of pods."""
    for found in objects:
        match found["kind"]:
            case "Pod":
                metadata = found["metadata"]
                yield Pod(found, metadata["labels"], metadata["annotations"], found["spec"])
            case "Deployment" | "Rollout" | "StatefulSet" | "Job":
                yield _pod(found, found["spec"]["template"])
            case "CronJob":
                yield _pod(found, found["spec"]["jobTemplate"]["spec"]["template"])


def _pod(owner: Object, template: Object) -> Pod:
    metadata = template["metadata"]
    return Pod(owner, metadata["labels"], metadata.get("annotations", {}), template["spec"])
