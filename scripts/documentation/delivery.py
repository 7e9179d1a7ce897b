"""docs/pictures/delivery.svg: the path of a change from a commit to production and back."""

from pathlib import Path

from scripts.documentation.diagram import Arrow, Box, Lane, draw

LANES = (
    Lane(
        "Change",
        (
            Box("commit", "commit\nhooks: make check-*"),
            Box("pull", "pull request\nci.yml: ci-ok"),
            Box("main", "main\nrelease-pr.yml"),
            Box("release_pull", "release pull request\nversion, changelog"),
            Box("tag", "tag v1.2.3\nci-ok is required"),
        ),
    ),
    Lane(
        "Build once",
        (
            Box("image", "image\nmake images"),
            Box("push", "push by digest\nSBOM, provenance"),
            Box("sign", "signature\nkeyless"),
            Box("release", "release.json\ndigests, chart, commit"),
            Box("scan", "Trivy\nno secrets"),
        ),
    ),
    Lane(
        "Staging",
        (
            Box("verify_staging", "verify signatures"),
            Box("staging", "deploy.py\nHelm upgrade"),
            Box("smoke_staging", "smoke test\nin the cluster"),
            Box("undo_staging", "rollback job\nlast verified"),
            None,
        ),
    ),
    Lane(
        "Production",
        (
            Box("approve", "approval\nenvironment production"),
            Box("production", "deploy.py\nthe same digests"),
            Box("smoke_production", "smoke test\nin the cluster"),
            Box("watch", "Prometheus\n10 minutes"),
            Box("undo_production", "rollback job\nlast verified"),
        ),
    ),
)
ARROWS = (
    Arrow("commit", "pull"),
    Arrow("pull", "main"),
    Arrow("main", "release_pull"),
    Arrow("release_pull", "tag"),
    Arrow("tag", "image"),
    Arrow("image", "push"),
    Arrow("push", "sign"),
    Arrow("sign", "release"),
    Arrow("release", "scan"),
    Arrow("scan", "verify_staging"),
    Arrow("verify_staging", "staging"),
    Arrow("staging", "smoke_staging"),
    Arrow("smoke_staging", "undo_staging", "fails"),
    Arrow("smoke_staging", "approve", "passes"),
    Arrow("approve", "production"),
    Arrow("production", "smoke_production"),
    Arrow("smoke_production", "watch"),
    Arrow("watch", "undo_production", "bad"),
)


def write_delivery_picture(docs: Path) -> None:
    """Write the picture."""
    (docs / "pictures" / "delivery.svg").write_text(draw("The path of a change", LANES, ARROWS))
