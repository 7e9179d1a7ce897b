"""Scores from external providers; the strongest columns of the table."""

from credit_scoring.data_contracts.column_types import share

UNIT = "score from 0 to 1"

EXTERNAL_SCORES = (
    share(
        "EXT_SOURCE_1", "First outside score: higher is safer. Rises with the client's age.", UNIT, null_share=0.563811
    ),
    share("EXT_SOURCE_2", "Second outside score: higher is safer. Known for nearly all.", UNIT, null_share=0.002146),
    share("EXT_SOURCE_3", "Third outside score: higher is safer. Takes few values.", UNIT, null_share=0.198253),
)
