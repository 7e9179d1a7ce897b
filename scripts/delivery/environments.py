"""The environments: where each lies in a cluster and which values it has."""

from dataclasses import dataclass

RELEASE_NAME = "credit-scoring"


@dataclass(frozen=True)
class Environment:
    """One environment.

    Attributes:
        namespace: in its cluster.
        values_file: in the chart's folder, beside values.yaml.
    """

    name: str
    namespace: str
    values_file: str


ENVIRONMENTS = {
    one.name: one
    for one in (
        Environment("dev", "mlops-credit-scoring-dev", "values-dev.yaml"),
        Environment("staging", "mlops-credit-scoring-staging", "values-staging.yaml"),
        Environment("production", "mlops-credit-scoring", "values-prod.yaml"),
    )
}
