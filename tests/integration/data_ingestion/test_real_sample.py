"""Ingestion of real rows: nothing that the files print is lost, and little space is taken.

The sample is not part of the repository; without it (`CREDIT_SAMPLE=PATH`) these tests are skipped.
"""

import zipfile

import polars as pl
import polars.selectors as cs
import pytest

from credit_scoring.core.manifest import Manifest
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts import ALL_TABLES, Table
from credit_scoring.data_contracts.bucket_files import polars_schema, read_bucket
from credit_scoring.data_ingestion import step
from tests.support.real_sample import SAMPLE, needs_real_sample

LARGEST_SHARE_OF_CSV_SIZE = 0.12

pytestmark = needs_real_sample


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_directory=tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def manifest(settings: Settings) -> Manifest:
    return step.run(settings, SAMPLE)


def printed(frame: pl.DataFrame) -> pl.DataFrame:
    """Every cell as the source prints it, whole numbers without the ".0" of some columns; rows in their own order."""
    # Python prints a number in as few digits as tell it from its neighbours, as the source does.
    texts = frame.with_columns(
        pl.Series(numbers.name, [None if number is None else repr(number) for number in numbers], dtype=pl.String)
        for numbers in frame.select(cs.float())
    ).select(cs.all().cast(pl.String).str.strip_suffix(".0"))
    return texts.sort(pl.all())


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: table.name)
def test_every_digit_and_letter_of_the_files_is_kept(settings: Settings, manifest: Manifest, table: Table) -> None:
    folder = Storage.of(settings).current("ingest")
    stored = pl.concat([read_bucket(folder, table, bucket) for bucket in range(settings.bucket_count)])
    with zipfile.ZipFile(SAMPLE) as archive:
        source = pl.read_csv(archive.read(table.file_name), infer_schema=False)
    assert dict(stored.schema) == polars_schema(table)
    assert printed(stored.select(table.column_names)).equals(printed(source))


def test_the_real_sample_with_its_list_of_columns_needs_no_warning(manifest: Manifest) -> None:
    assert manifest.measures["warnings"] == 0


def test_the_tables_take_a_small_share_of_the_space_of_the_files(manifest: Manifest) -> None:
    assert float(manifest.measures["share_of_csv_size"]) <= LARGEST_SHARE_OF_CSV_SIZE
