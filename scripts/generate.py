"""Rewrite every file that is derived from another one; CI refuses a difference."""

from pathlib import Path

from scripts.containers.images import IMAGES, dockerfile
from scripts.documentation.api import write_api_documentation
from scripts.documentation.architecture import write_architecture_picture
from scripts.documentation.client_texts import write_client_texts
from scripts.documentation.data import write_data_documentation
from scripts.documentation.delivery import write_delivery_picture
from scripts.documentation.env_example import render_env_example
from scripts.documentation.feature_table import FEATURE_TABLE, render_feature_table
from scripts.documentation.features import write_feature_documentation
from scripts.documentation.models import write_model_documentation
from scripts.documentation.monitoring import write_monitoring_documentation
from scripts.documentation.reasons import write_reasons_documentation
from scripts.kubernetes.chart_files import write_chart_files
from scripts.kubernetes.manifests import write_manifests
from scripts.monitoring.files import MONITORING, Installation, write_monitoring

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write the generated files into the working tree."""
    write_data_documentation(ROOT / "docs")
    write_feature_documentation(ROOT / "docs")
    write_api_documentation(ROOT / "docs")
    write_reasons_documentation(ROOT / "docs")
    write_client_texts(ROOT / "docs")
    write_model_documentation(ROOT / "docs")
    write_monitoring_documentation(ROOT / "docs")
    write_delivery_picture(ROOT / "docs")
    write_architecture_picture(ROOT / "docs")
    FEATURE_TABLE.write_text(render_feature_table())
    (ROOT / ".env.example").write_text(render_env_example())
    for image in IMAGES:
        (ROOT / "docker" / f"Dockerfile.{image.name}").write_text(dockerfile(image))
    write_monitoring(MONITORING, Installation())
    write_chart_files()
    write_manifests()


if __name__ == "__main__":
    main()
