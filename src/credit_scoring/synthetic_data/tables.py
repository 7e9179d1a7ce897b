"""All tables of one chunk of clients."""

from dataclasses import dataclass

import polars as pl

from credit_scoring.synthetic_data.application import application
from credit_scoring.synthetic_data.bureau import bureau
from credit_scoring.synthetic_data.bureau_balance import bureau_balance
from credit_scoring.synthetic_data.card_histories import card_histories
from credit_scoring.synthetic_data.characteristics import Tables, characteristics
from credit_scoring.synthetic_data.chunks import Chunk, train_clients
from credit_scoring.synthetic_data.clients import Clients, draw_clients
from credit_scoring.synthetic_data.credit_card_balance import credit_card_balance
from credit_scoring.synthetic_data.installments_payments import installments_payments
from credit_scoring.synthetic_data.pos_cash_balance import pos_cash_balance
from credit_scoring.synthetic_data.previous_application import previous_application
from credit_scoring.synthetic_data.truth import draw_defaults, true_probability


@dataclass(frozen=True)
class ChunkTables:
    """The rows of a chunk: the eight tables by name, and what no table may say.

    Attributes:
        truth: SK_ID_CURR, is_test, probability (true probability of default) and defaults, one row per client.
    """

    tables: dict[str, pl.DataFrame]
    truth: pl.DataFrame


def chunk_tables(chunk: Chunk) -> ChunkTables:
    """Draw the clients of a chunk, everything that hangs on them, and last who of them defaults."""
    clients, tables = drawn_tables(chunk)
    shown = characteristics(tables, clients.identifiers)
    probability = true_probability(shown, clients.is_test, train_clients(chunk.run_clients))
    defaults = draw_defaults(probability, clients.is_test, chunk.random("defaults"))
    tables["application_train"] = tables["application_train"].with_columns(
        TARGET=pl.Series(defaults[~clients.is_test], dtype=tables["application_train"]["TARGET"].dtype)
    )
    return ChunkTables(
        tables=tables,
        truth=pl.DataFrame(
            {
                "SK_ID_CURR": clients.identifiers,
                "is_test": clients.is_test,
                "probability": probability,
                "defaults": defaults,
            }
        ),
    )


def drawn_tables(chunk: Chunk) -> tuple[Clients, Tables]:
    """The clients of a chunk and their tables, with TARGET 0 for all."""
    clients = draw_clients(chunk)
    credits = bureau(chunk, clients)
    previous, schedules = previous_application(chunk, clients)
    loans, cards = schedules.loans, schedules.cards
    identifiers = previous["SK_ID_PREV"].to_numpy()
    months = card_histories(clients, cards, chunk.random("card histories"))
    return clients, {
        "application_train": application(chunk, clients, "train"),
        "application_test": application(chunk, clients, "test"),
        "bureau": credits,
        "bureau_balance": bureau_balance(chunk, clients, credits),
        "previous_application": previous,
        "POS_CASH_balance": pos_cash_balance(chunk, clients, loans, identifiers),
        "credit_card_balance": credit_card_balance(chunk, clients, cards, months, identifiers),
        "installments_payments": installments_payments(chunk, clients, loans, cards, months, identifiers),
    }
