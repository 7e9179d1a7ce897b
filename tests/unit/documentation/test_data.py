"""docs/DATA.md says what the contracts say."""

from pathlib import Path

import pytest

from credit_scoring.data_contracts import ALL_TABLES, Table
from scripts.documentation.data import NOT_MEASURED, render_data_documentation, write_data_documentation

DOCS = Path(__file__).parents[3] / "docs"


def test_the_committed_page_is_the_one_the_contracts_give(tmp_path: Path) -> None:
    benchmark = DOCS / "parts" / "storage_benchmark.md"
    if benchmark.exists():
        (tmp_path / "parts").mkdir()
        (tmp_path / "parts" / "storage_benchmark.md").write_bytes(benchmark.read_bytes())
    page = write_data_documentation(tmp_path)
    assert (DOCS / "DATA.md").read_text(encoding="utf-8") == page.read_text(
        encoding="utf-8"
    ), "run `make generated` and commit docs/DATA.md"


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_column_and_category_of_a_table_is_described(table: Table) -> None:
    page = render_data_documentation()
    assert f"# {table.name}\n" in page
    for column in table.columns:
        assert f"| `{column.name}` | {column.meaning} | {column.type}" in page
        for word in (*column.categories, *column.missing_codes):
            assert f"`{word}`" in page


def test_every_row_has_as_many_cells_as_its_header() -> None:
    blocks = render_data_documentation().split("\n\n")
    grids = [block.splitlines() for block in blocks if block.startswith("| ")]
    assert len(grids) == len(ALL_TABLES), "an overview, and one for both application tables together"
    for grid in grids:
        assert {line.count(" | ") for line in grid} == {grid[0].count(" | ")}


def test_the_diagram_shows_each_foreign_key_and_tells_which_columns_are_keys() -> None:
    diagram = render_data_documentation().split("```mermaid")[1].split("```")[0]
    assert "bureau |o--o{ bureau_balance : SK_ID_BUREAU" in diagram
    assert "application_test |o--o{ POS_CASH_balance : SK_ID_CURR" in diagram
    assert "Int32 SK_ID_BUREAU PK, FK" in diagram
    assert diagram.count("|o--o{") == sum(len(key.tables) for table in ALL_TABLES for key in table.foreign_keys)


def test_null_shares_of_training_and_test_stand_side_by_side() -> None:
    page = render_data_documentation()
    row = next(line for line in page.splitlines() if line.startswith("| `EXT_SOURCE_1`"))
    assert row.endswith("| 56.38 % | 42.12 % |")
    outcome = next(line for line in page.splitlines() if line.startswith("| `TARGET`"))
    assert outcome.endswith("| 0 % | absent |")


def test_the_storage_measurement_survives_a_new_rendering(tmp_path: Path) -> None:
    assert NOT_MEASURED in write_data_documentation(tmp_path).read_text(encoding="utf-8")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "storage_benchmark.md").write_text("| zstd | 0.1 |\n", encoding="utf-8")
    for _ in range(2):
        page = write_data_documentation(tmp_path).read_text(encoding="utf-8")
    assert page.endswith("## Storage formats\n\n| zstd | 0.1 |\n")
    assert NOT_MEASURED not in page
