"""One small piece of work for every library the project depends on, by the name it is declared under."""

from tests.support.library_exercises import data, foundation, models, service
from tests.support.library_exercises.registry import EXERCISES

__all__ = ["EXERCISES", "data", "foundation", "models", "service"]
