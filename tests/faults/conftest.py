"""The installations and servers of the integration tests."""

from tests.integration.conftest import (
    postgresql_url,
    runs_are_looked_up_each_time,
    server,
    tracking_template,
    trained,
    trained_copy,
    with_tracking,
)

__all__ = [
    "postgresql_url",
    "runs_are_looked_up_each_time",
    "server",
    "tracking_template",
    "trained",
    "trained_copy",
    "with_tracking",
]
