"""Wrong values are refused, with a message that names the value."""

import pytest

from scripts.kubernetes.programs import run
from tests.support.chart import DIGESTS, ENVIRONMENTS, refusal, rendered

WRONG = [
    # What the schema knows.
    ("staging", ("api.replica=3",), "/api", "additional properties 'replica' not allowed"),
    ("staging", ("ingres.enabled=true",), "", "additional properties 'ingres' not allowed"),
    ("staging", ("api.replicas=0",), "/api/replicas", "minimum: got 0, want 1"),
    ("staging", ("api.replicas=two",), "/api/replicas", "got string, want integer"),
    ("staging", ("environment=dev",), "/environment", "value must be one of 'staging', 'production'"),
    ("staging", ("environment=prod",), "/environment", "value must be one of 'staging', 'production'"),
    ("staging", ("logLevel=debug",), "/logLevel", "value must be one of"),
    ("staging", ("settings.LEDGER_URL=x",), "/settings", "LEDGER_URL"),
    ("staging", ("settings.CREDIT_BUCKET_COUNT=16",), "/settings/CREDIT_BUCKET_COUNT", "got number, want string"),
    ("staging", ("api.image.digest=sha256:12",), "/api/image/digest", "does not match pattern"),
    ("staging", ("api.image.repository=example.org/api:1",), "/api/image/repository", "does not match pattern"),
    ("staging", ("image.registry=https://example.org",), "/image/registry", "does not match pattern"),
    ("staging", ("api.service.type=NodePort",), "/api/service/type", "value must be one of"),
    ("staging", ("api.preStopSeconds=0",), "/api/preStopSeconds", "minimum: got 0, want 1"),
    ("staging", ("api.resources.limits=null",), "/api/resources", "missing property 'limits'"),
    ("staging", ("api.resources.requests.memory=1GB",), "/api/resources/requests/memory", "does not match pattern"),
    ("staging", ("postgres.volume.size=10",), "/postgres/volume/size", "got number, want string"),
    ("staging", ("batch.jobs.etl.schedule=daily",), "/batch/jobs/etl/schedule", "does not match pattern"),
    ("staging", ("batch.jobs.drift.image=api",), "/batch/jobs/drift/image", "value must be one of"),
    ("staging", ("volumes.data.accessMode=ReadOnlyMany",), "/volumes/data/accessMode", "value must be one of"),
    ("staging", ("ingress.host=https://example.org",), "/ingress/host", "does not match pattern"),
    ("staging", ("publicPaths[0].path=/metrics",), "/publicPaths/0/path", "'not' failed"),
    ("staging", ("publicPaths[0].path=/health/ready",), "/publicPaths/0/path", "'not' failed"),
    ("staging", ("publicPaths[0].path=/",), "/publicPaths/0/path", "'not' failed"),
    ("staging", ("publicPaths[0].path=/docs",), "/publicPaths/0/path", "'not' failed"),
    ("staging", ("publicPaths[5].type=Prefix",), "/publicPaths/5", "'not' failed"),
    ("staging", ("flags.shadowModel=a model",), "/flags/shadowModel", "does not match pattern"),
    ("staging", ("flags.reasons=true",), "/flags", "additional properties 'reasons' not allowed"),
    ("staging", ("flags.docsExposed=null",), "/flags", "missing property 'docsExposed'"),
    ("staging", ("networkPolicy.clientCidrs={example.org}",), "/networkPolicy/clientCidrs/0", "does not match"),
    ("production", ("api.autoscaling.targetCpuPercent=170",), "/api/autoscaling/targetCpuPercent", "maximum: got 170"),
    # What only the templates know.
    ("staging", ("secrets.existingSecret=",), "Passwords need exactly one origin, and there are 0", "existingSecret"),
    ("staging", ("secrets.generate=true",), "there are 2", "secrets.existingSecret, secrets.generate"),
    (
        "production",
        ("secrets.existingSecret=", "secrets.generate=true"),
        "secrets.generate is for development",
        "set secrets.existingSecret",
    ),
    (
        "dev",
        ("postgres.enabled=false", "networkPolicy.externalCidrs={192.0.2.0/24}"),
        "postgres.enabled=false",
        "Set secrets.existingSecret",
    ),
    (
        "staging",
        ("secrets.existingSecret=", "secrets.external.enabled=true"),
        "secrets.external.store.name",
        "SecretStore",
    ),
    ("staging", ("mlflow.enabled=false",), "mlflow.externalUrl", "another tracking server"),
    ("staging", ("httpRoute.enabled=true",), "publish the same service twice", "Choose one"),
    (
        "staging",
        ("ingress.enabled=false", "httpRoute.enabled=true"),
        "httpRoute.parentRefs",
        "the Gateway to attach to",
    ),
    ("production", ("ingress.tlsSecret=",), "ingress.tlsSecret", "must not travel unencrypted"),
    ("staging", ("api.service.type=LoadBalancer",), "loadBalancerSourceRanges", "need no key"),
    (
        "staging",
        ("api.service.type=LoadBalancer", "api.service.loadBalancerSourceRanges={192.0.2.0/24}"),
        "networkPolicy.clientCidrs",
        "reach the pods",
    ),
    ("production", ("api.autoscaling.minReplicas=11",), "minReplicas=11", "maxReplicas=10"),
    ("dev", ("api.rollout.enabled=true",), "api.rollout.enabled", "needs monitoring.enabled"),
    ("staging", ("postgres.enabled=false",), "networkPolicy.externalCidrs", "everything else is denied"),
]


@pytest.mark.parametrize(
    ("environment", "settings", "named", "reason"), WRONG, ids=lambda part: part[0] if isinstance(part, tuple) else ""
)
def test_a_wrong_value_is_refused_by_name(environment: str, settings: tuple[str, ...], named: str, reason: str) -> None:
    message = refusal(environment, *settings)
    assert named in message
    assert reason in message


def test_production_refuses_an_image_without_a_digest() -> None:
    message = refusal("production", digests=False)
    assert "credit-scoring-api has no digest (api.image.digest)" in message
    message = refusal("production", "batch.images.etl.digest=")
    assert "credit-scoring-etl has no digest (batch.images.etl.digest)" in message


def test_the_stand_ins_for_digests_are_needed_by_production_alone() -> None:
    assert DIGESTS.exists()
    assert [name for name in ENVIRONMENTS if rendered(name)] == list(ENVIRONMENTS)


def test_an_old_kubernetes_is_refused_by_its_version() -> None:
    finished = run("helm", "template", "credit-scoring", str(DIGESTS.parents[3] / "helm"), "--kube-version", "1.32.0")
    assert finished.returncode != 0
    assert "chart requires kubeVersion: >=1.33.0-0" in finished.stderr
