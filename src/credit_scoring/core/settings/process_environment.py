"""Environment variables of libraries that this process sets or protects."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unchanged_environment() -> Iterator[None]:
    """Undo what a library does to the environment of this process while it is imported."""
    before = dict(os.environ)
    try:
        yield
    finally:
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ.update(before)
