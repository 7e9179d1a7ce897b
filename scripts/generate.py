"""Rewrite every file that is derived from another one; CI refuses a difference."""

from pathlib import Path

from credit_scoring.api.documentation import write_api_documentation
from credit_scoring.core.settings import render_env_example
from credit_scoring.explain.documentation import write_reasons_documentation
from credit_scoring.feature_engineering.documentation import write_feature_documentation
from credit_scoring.tables.documentation import write_data_documentation
from credit_scoring.train.model_page import write_model_documentation

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Write the generated files into the working tree."""
    write_data_documentation(ROOT / "docs")
    write_feature_documentation(ROOT / "docs")
    write_api_documentation(ROOT / "docs")
    write_reasons_documentation(ROOT / "docs")
    write_model_documentation(ROOT / "docs")
    (ROOT / ".env.example").write_text(render_env_example())


if __name__ == "__main__":
    main()
