"""Who defaults: from what the tables show to the true probability, and from there to TARGET."""

import numpy as np
import polars as pl
import pytest

from credit_scoring.synthetic_data.chunks import chunks_of
from credit_scoring.synthetic_data.profile import Floats
from credit_scoring.synthetic_data.tables import ChunkTables, chunk_tables, drawn_tables
from credit_scoring.synthetic_data.truth import (
    EFFECTS,
    characteristics,
    draw_defaults,
    sum_of_effects,
    true_probability,
    truth_constants,
)

pytestmark = pytest.mark.slow
_MANY = 300_000


@pytest.fixture(scope="module")
def drawn() -> ChunkTables:
    return chunk_tables(chunks_of(1_000, seed=1)[0])


def _shown(drawn: ChunkTables) -> dict[str, Floats]:
    return characteristics(drawn.tables, drawn.truth["SK_ID_CURR"].to_numpy())


def _about_average(clients: int) -> dict[str, Floats]:
    return {name: np.full(clients, entry["centre"]) for name, entry in truth_constants().items()}


def test_the_true_probability_can_be_computed_from_the_tables_alone(drawn: ChunkTables) -> None:
    is_test = drawn.truth["is_test"].to_numpy()
    again = true_probability(_shown(drawn), is_test, (~is_test).sum())
    np.testing.assert_array_equal(again, drawn.truth["probability"].to_numpy())


def test_nothing_but_target_depends_on_who_defaults(drawn: ChunkTables) -> None:
    _, without = drawn_tables(chunks_of(1_000, seed=1)[0])
    for name, rows in without.items():
        expected, found = (each.drop("TARGET", strict=False) for each in (rows, drawn.tables[name]))
        assert found.equals(expected), name
    assert without["application_train"]["TARGET"].sum() == 0
    assert drawn.tables["application_train"]["TARGET"].sum() > 0


def test_each_characteristic_has_its_effect_and_none_where_it_is_unknown() -> None:
    is_test = np.zeros(4, dtype=bool)
    shown = _about_average(4)
    assert true_probability(shown, is_test, _MANY) == pytest.approx([0.0807] * 4, abs=1e-4)
    for name, entry in truth_constants().items():
        values = entry["centre"] + entry["scale"] * np.array([-1.0, 1.0, 0.0, np.nan])
        low, high, middle, unknown = true_probability({**shown, name: values}, is_test, _MANY)
        assert np.sign(high - low) == np.sign(entry["weight"]), name
        assert unknown == middle, name


def test_the_mean_probability_is_the_published_rate_even_where_no_outcome_is_published() -> None:
    random = np.random.default_rng(4)
    shown = {
        name: values + truth_constants()[name]["scale"] * random.standard_normal(900)
        for name, values in _about_average(900).items()
    }
    some = random.random(900) < 0.2
    assert true_probability(shown, some, _MANY)[~some].mean() == pytest.approx(0.08073, abs=1e-4)
    assert true_probability(shown, np.ones(900, dtype=bool), _MANY).mean() == pytest.approx(0.08073, abs=1e-4)


def test_bad_habits_weigh_more_on_weak_outside_scores() -> None:
    effects = {name: np.zeros(4) for name in EFFECTS}
    effects["outside score 2"] = np.array([0.0, 1.0, 0.0, 1.0])
    effects["late payments"] = np.array([0.0, 0.0, 1.0, 1.0])
    neither, weak, late, both = sum_of_effects(effects)
    assert both - weak > late - neither > 0


def test_late_payments_are_counted_by_instalment_and_shares_only_over_what_is_known() -> None:
    clients = np.array([7, 8])
    tables = chunk_tables(chunks_of(200, seed=1)[0]).tables
    mine = {name: rows.clear() for name, rows in tables.items()}
    applications = tables["application_train"][:2].with_columns(SK_ID_CURR=pl.Series([7, 8]))
    mine["application_train"] = applications
    mine["installments_payments"] = pl.DataFrame(
        {
            "SK_ID_CURR": [7, 7, 7, 7, 7],
            "SK_ID_PREV": [1, 1, 1, 1, 1],
            "NUM_INSTALMENT_NUMBER": [1, 1, 2, 3, 4],
            "DAYS_INSTALMENT": [-500.0, -500.0, -470.0, -60.0, -30.0],
            # The first instalment was paid in two parts, the second of them late; the last one is still unpaid.
            "DAYS_ENTRY_PAYMENT": [-501.0, -490.0, -470.0, -61.0, None],
        }
    )
    mine["bureau"] = pl.DataFrame(
        {
            "SK_ID_CURR": [8, 8],
            "CREDIT_ACTIVE": ["Active", "Closed"],
            "DAYS_CREDIT": [-100, -300],
            "AMT_CREDIT_SUM": [1_000.0, 5_000.0],
            "AMT_CREDIT_SUM_DEBT": [400.0, None],
        }
    )
    shown = characteristics(mine, clients)
    assert shown["late payments"] == pytest.approx([0.5**0.5, np.nan], nan_ok=True)
    assert shown["late payments of the last year"] == pytest.approx([0.5**0.5, np.nan], nan_ok=True)
    assert shown["debt of what was lent"] == pytest.approx([np.nan, 0.4], nan_ok=True)
    assert shown["running credits"] == pytest.approx([np.nan, 0.5], nan_ok=True)
    assert shown["age of credits"] == pytest.approx([np.nan, 200**0.5], nan_ok=True)


def test_defaults_are_as_many_as_their_chances_add_up_to_in_either_part() -> None:
    random = np.random.default_rng(1)
    chances, is_test = random.random(5_000) * 0.2, random.random(5_000) < 0.15
    defaults = draw_defaults(chances, is_test, random)
    for part in (is_test, ~is_test):
        assert defaults[part].sum() == pytest.approx(chances[part].sum(), abs=1)


def test_every_client_can_default_with_its_own_chance() -> None:
    random = np.random.default_rng(2)
    chances = np.array([0.1, 0.5, 0.05, 0.9, 0.5])
    draws = [draw_defaults(chances, np.zeros(5, dtype=bool), random) for _ in range(20_000)]
    assert np.mean(draws, axis=0) == pytest.approx(chances, abs=0.015)


def test_a_very_small_run_has_enough_defaults_for_five_folds() -> None:
    truth = chunk_tables(chunks_of(300, seed=1)[0]).truth
    assert truth.filter(~pl.col("is_test"))["defaults"].sum() >= 29
