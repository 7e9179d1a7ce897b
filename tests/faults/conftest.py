"""The installations and servers of the integration tests."""

from tests.integration.conftest import postgresql_url, tracking_template, trained, trained_copy, with_tracking

__all__ = ["postgresql_url", "tracking_template", "trained", "trained_copy", "with_tracking"]
