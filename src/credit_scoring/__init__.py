"""Credit scoring platform: from raw tables to explained, recorded and replayable decisions."""

from importlib.metadata import version

__version__ = version("credit-scoring")
