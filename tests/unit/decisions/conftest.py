"""A recorder on a ledger that a test can switch off."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from credit_scoring.decisions.recorder import Recorder
from tests.unit.decisions.switched_ledger import Switch, recorder_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "databases" / "decisions.db"


@pytest.fixture
def switch(file: Path) -> Switch:
    return Switch(file)


@pytest.fixture
def recorder(switch: Switch, tmp_path: Path) -> Iterator[Recorder]:
    opened = recorder_of(switch, tmp_path)
    yield opened
    opened.close()
