"""The clients behind the tables, and the kinds of their previous applications."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.synthetic_data.chunks import chunks_of
from credit_scoring.synthetic_data.clients import HABITS, draw_clients, owned_rows
from credit_scoring.synthetic_data.previous_credits import draw_kinds
from credit_scoring.synthetic_data.profile import kinds_of
from credit_scoring.synthetic_data.source import OWNER, Source


@pytest.fixture(scope="module")
def source() -> Source:
    return draw_clients(chunks_of(8_192, seed=1)[0])


def test_habits_follow_the_risk_as_declared(source: Source) -> None:
    for name, strength in HABITS.items():
        found = np.corrcoef(source.clients[name], source.clients["risk"])[0, 1]
        assert found == pytest.approx(strength, abs=0.03)


def test_every_client_has_its_rows_in_a_table_of_past_credits(source: Source) -> None:
    rows = owned_rows(source, "bureau")
    counts = rows.group_by("SK_ID_CURR").len().join(source.clients, on="SK_ID_CURR", how="full")
    assert (counts["len"].fill_null(0) == counts["bureau"]).all()


def test_nearly_every_client_had_a_loan_and_none_has_two_cards(source: Source) -> None:
    rows = draw_kinds(source, owned_rows(source, "previous_application"))
    approved = rows.filter(pl.col("NAME_CONTRACT_STATUS") == "Approved")
    is_card = pl.col("NAME_CONTRACT_TYPE") == "Revolving loans"
    assert set(approved.filter(~is_card)[OWNER]) == set(rows[OWNER])
    assert approved.filter(is_card)[OWNER].is_unique().all()


def test_kinds_of_previous_applications_have_their_published_shares(source: Source) -> None:
    rows = draw_kinds(source, owned_rows(source, "previous_application")).filter(~pl.col("is_test"))
    labels, shares = kinds_of(
        "previous_application", "NAME_CONTRACT_STATUS", ("Approved", "Unused offer", "Canceled", "Refused")
    )
    wanted = labels.with_columns(wanted=shares["train"])
    found = rows.group_by(labels.columns).agg(found=pl.len() / rows.height)
    joined = wanted.join(found, on=labels.columns, how="left").fill_null(0.0)
    assert (joined["wanted"] - joined["found"]).abs().max() < 0.002  # type: ignore[operator]
