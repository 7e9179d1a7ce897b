"""What differs between the platforms that the service runs on."""

from dataclasses import dataclass
from typing import Final

from monitoring.description import limits
from monitoring.description.scrapes import EXPECTED_JOBS


@dataclass(frozen=True)
class Platform:
    """One platform.

    Attributes:
        expected_jobs: jobs that always have a target.
        replicas: number of replicas as PromQL: a number, or a query with one result.
        described_replicas: the same in a sentence.
        node_job: job of the node exporter.
        reports_steps: whether batch steps report through Kubernetes instead of files that the node exporter reads.
    """

    expected_jobs: tuple[str, ...]
    replicas: str
    described_replicas: str
    node_job: str = "node"
    reports_steps: bool = False


COMPOSE: Final = Platform(EXPECTED_JOBS, str(limits.REPLICAS), f"of {limits.REPLICAS}")
NAMESPACE: Final = 'namespace=~"mlops-credit-scoring.*"'
KUBERNETES: Final = Platform(
    # The names of kube-prometheus-stack.
    ("credit-api", "kube-state-metrics", "node-exporter"),
    f'max (kube_deployment_spec_replicas{{job="kube-state-metrics", {NAMESPACE}, deployment=~".*-api"}})',
    "and no more",
    node_job="node-exporter",
    reports_steps=True,
)
