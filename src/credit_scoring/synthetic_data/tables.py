"""All tables of one chunk of clients."""

from dataclasses import dataclass

import polars as pl

from credit_scoring.synthetic_data.application import application
from credit_scoring.synthetic_data.bureau import bureau
from credit_scoring.synthetic_data.bureau_balance import bureau_balance
from credit_scoring.synthetic_data.chunks import Chunk
from credit_scoring.synthetic_data.clients import draw_clients
from credit_scoring.synthetic_data.credit_card_balance import credit_card_balance
from credit_scoring.synthetic_data.installments_payments import loan_instalments
from credit_scoring.synthetic_data.pos_cash_balance import pos_cash_balance
from credit_scoring.synthetic_data.previous_application import previous_application


@dataclass(frozen=True)
class ChunkTables:
    """The rows of a chunk: the eight tables by name, and what no table may say.

    Attributes:
        truth: SK_ID_CURR, is_test, probability (true probability of default) and defaults, one row per client.
    """

    tables: dict[str, pl.DataFrame]
    truth: pl.DataFrame


def chunk_tables(chunk: Chunk) -> ChunkTables:
    """Draw the clients of a chunk and everything that hangs on them."""
    clients = draw_clients(chunk)
    credits = bureau(chunk, clients)
    previous, schedules = previous_application(chunk, clients)
    identifiers = previous["SK_ID_PREV"].to_numpy()
    return ChunkTables(
        tables={
            "application_train": application(clients, "train"),
            "application_test": application(clients, "test"),
            "bureau": credits,
            "bureau_balance": bureau_balance(chunk, clients, credits),
            "previous_application": previous,
            "POS_CASH_balance": pos_cash_balance(chunk, clients, schedules.loans, identifiers),
            "credit_card_balance": credit_card_balance(
                chunk, clients, schedules.card_owner, identifiers[schedules.cards]
            ),
            "installments_payments": loan_instalments(chunk, clients, schedules.loans, identifiers),
        },
        truth=pl.DataFrame(
            {
                "SK_ID_CURR": clients.identifiers,
                "is_test": clients.is_test,
                "probability": clients.probability,
                "defaults": clients.defaults,
            }
        ),
    )
