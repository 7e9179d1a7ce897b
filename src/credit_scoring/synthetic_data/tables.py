"""All tables of one chunk of clients."""

from typing import NamedTuple

import polars as pl

from credit_scoring.synthetic_data.application import application
from credit_scoring.synthetic_data.bureau import bureau
from credit_scoring.synthetic_data.bureau_balance import bureau_balance
from credit_scoring.synthetic_data.chunks import Chunk, train_clients
from credit_scoring.synthetic_data.clients import draw_clients
from credit_scoring.synthetic_data.credit_card_balance import card_months, credit_card_balance
from credit_scoring.synthetic_data.installments_payments import installments_payments
from credit_scoring.synthetic_data.pos_cash_balance import pos_cash_balance
from credit_scoring.synthetic_data.previous_application import previous_application
from credit_scoring.synthetic_data.truth import Tables, characteristics, draw_defaults, true_probability


class ChunkTables(NamedTuple):
    """The rows of a chunk: the eight tables by name, and what no table may show.

    Attributes:
        truth: SK_ID_CURR, is_test, probability (true probability of default) and defaults, one row per client.
    """

    tables: Tables
    truth: pl.DataFrame


def chunk_tables(chunk: Chunk) -> ChunkTables:
    """Draw the clients of a chunk, their tables, and last their outcomes."""
    clients, tables = drawn_tables(chunk)
    identifiers, is_test = clients["SK_ID_CURR"].to_numpy(), clients["is_test"].to_numpy()
    probability = true_probability(characteristics(tables, identifiers), is_test, train_clients(chunk.run_clients))
    defaults = draw_defaults(probability, is_test, chunk.random("defaults"))
    target = pl.Series("TARGET", defaults[~is_test], dtype=tables["application_train"]["TARGET"].dtype)
    tables["application_train"] = tables["application_train"].with_columns(target)
    truth = clients.select("SK_ID_CURR", "is_test").with_columns(
        probability=pl.Series(probability), defaults=pl.Series(defaults)
    )
    return ChunkTables(tables, truth)


def drawn_tables(chunk: Chunk) -> tuple[pl.DataFrame, Tables]:
    """The clients of a chunk (``clients.draw_clients``) and their tables, with TARGET 0 for all."""
    source = draw_clients(chunk)
    credits = bureau(source)
    previous, loans, cards = previous_application(source)
    months = card_months(source, cards)
    return source.clients, {
        "application_train": application(source, "train"),
        "application_test": application(source, "test"),
        "bureau": credits,
        "bureau_balance": bureau_balance(source, credits),
        "previous_application": previous,
        "POS_CASH_balance": pos_cash_balance(source, loans),
        "credit_card_balance": credit_card_balance(source, cards, months),
        "installments_payments": installments_payments(source, loans, months),
    }
