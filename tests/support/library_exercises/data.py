"""Tables, files and pictures."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.support.library_exercises.registry import exercise


@exercise("deltalake")
def _(folder: Path) -> None:
    import polars as pl
    from deltalake import DeltaTable, write_deltalake

    for value in (1, 2):
        write_deltalake(folder / "table", pl.DataFrame({"a": [value]}).to_arrow(), mode="overwrite")
    assert DeltaTable(folder / "table").version() == 1
    assert pl.read_delta(str(folder / "table"), version=0)["a"].to_list() == [1]


@exercise("fpdf2")
def _(folder: Path) -> None:
    from fpdf import FPDF

    pdf = FPDF()
    pdf.set_font("Helvetica")
    pdf.add_page()
    pdf.write_html(
        '<h1>Title</h1><p><a href="page.html">text</a></p><table><tr><th>a</th></tr><tr><td>1</td></tr></table>'
    )
    pdf.output(str(folder / "page.pdf"))
    assert b"/URI (page.html)" in (folder / "page.pdf").read_bytes()


@exercise("jinja2")
def _(_: Path) -> None:
    from jinja2 import Environment

    assert Environment(autoescape=True).from_string("{{ x }}").render(x="<") == "&lt;"


@exercise("kaggle")
def _(folder: Path) -> None:
    from credit_scoring.core.errors import SourceError
    from credit_scoring.data_ingestion.kaggle import connect

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SourceError, match="rejected the credentials"):
        patch.setenv("HOME", str(folder))
        for variable in ("KAGGLE_API_TOKEN", "KAGGLE_USERNAME", "KAGGLE_KEY", "KAGGLE_CONFIG_DIR"):
            patch.delenv(variable, raising=False)
        connect()


@exercise("markdown-it-py")
def _(_: Path) -> None:
    from markdown_it import MarkdownIt

    page = MarkdownIt("commonmark", {"html": False}).enable("table").render("|a|\n|-|\n|<b>|")
    assert "<td>&lt;b&gt;</td>" in page


@exercise("matplotlib")
def _(folder: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(1, 1))
    figure.subplots().plot([0, 1])
    figure.savefig(folder / "plot.png")
    assert (folder / "plot.png").read_bytes().startswith(b"\x89PNG")


@exercise("pandas")
def _(_: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [1.0, None]}).astype("float32")
    assert frame["a"].isna().sum() == 1
    assert frame.to_numpy().dtype == np.float32


@exercise("pandera")
def _(_: Path) -> None:
    import pandera.polars as pa
    import polars as pl
    from pandera.errors import SchemaErrors

    schema = pa.DataFrameSchema({"a": pa.Column(int, pa.Check.ge(0))})
    assert schema.validate(pl.DataFrame({"a": [1]})).height == 1
    with pytest.raises(SchemaErrors):
        schema.validate(pl.DataFrame({"a": [-1]}), lazy=True)


@exercise("polars")
def _(folder: Path) -> None:
    import polars as pl

    pl.DataFrame({"client": [1, 1, 2], "debt": [1.0, None, 5.0]}).write_parquet(folder / "x.parquet")
    found = pl.scan_parquet(folder / "x.parquet").group_by("client").agg(pl.col("debt").sum()).collect()
    assert dict(found.iter_rows()) == {1: 1.0, 2: 5.0}


@exercise("pyarrow")
def _(folder: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"a": [1, None]}), folder / "x.parquet")
    assert parquet.read_table(folder / "x.parquet")["a"].to_pylist() == [1, None]


@exercise("pyspark")
def _(_: Path) -> None:
    from pyspark import cloudpickle
    from pyspark.sql.types import IntegerType, StructField, StructType

    # A session needs a JVM and seconds; the Spark engine's own test starts one.
    schema = StructType([StructField("bucket", IntegerType())])
    assert StructType.fromJson(json.loads(schema.json())) == schema
    assert cloudpickle.loads(cloudpickle.dumps(lambda bucket: bucket + 1))(1) == 2


@exercise("scipy")
def _(_: Path) -> None:
    from scipy.optimize import brentq
    from scipy.special import ndtr

    assert brentq(lambda x: ndtr(x) - 0.975, 0.0, 8.0) == pytest.approx(1.959964, abs=1e-6)
