"""Served vectors: stored history and application features of one version."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from credit_scoring.core.errors import MissingArtefactError, StorageError
from credit_scoring.feature_engineering.application.encoding import encode_requests
from credit_scoring.feature_engineering.application.training_statistics import ExternalScores, TrainingStatistics
from credit_scoring.feature_engineering.catalogue import feature_names
from credit_scoring.feature_engineering.compute import application_evaluator
from credit_scoring.feature_engineering.history import HISTORY_FEATURES
from credit_scoring.feature_store.online import OnlineStore, OnlineVersion
from credit_scoring.feature_store.serving import FeatureService
from tests.support.handmade_applications import empty_history

HISTORY_NAMES = tuple(feature.name for feature in HISTORY_FEATURES)
APPLICATION = {"AMT_INCOME_TOTAL": 100_000.0, "OCCUPATION_TYPE": "Laborers", "AMT_CREDIT": 5e5}


def population(score: float) -> TrainingStatistics:
    """Statistics in which the same score stands in for every missing one."""
    scores = ExternalScores(lower_quartiles=(score,) * 3, medians=(score,) * 3)
    return TrainingStatistics(external_scores=scores)


def version(fingerprint: str, number: int, score: float) -> OnlineVersion:
    return OnlineVersion(
        fingerprint=fingerprint,
        number=number,
        created_at=datetime(2026, 1, 2, tzinfo=UTC),
        source="synthetic",
        history_features=HISTORY_NAMES,
        without_history=tuple(feature.without_history for feature in HISTORY_FEATURES),
        population=population(score).model_dump_json(),
    )


def history(value: float) -> np.ndarray:
    return np.full((1, len(HISTORY_NAMES)), value, dtype=np.float32)


def expected(value: float, score: float) -> bytes:
    own = application_evaluator(population(score)).compute(encode_requests([APPLICATION]), history(value))
    return np.concatenate([history(value)[0], own[0]]).tobytes()


def load(store: OnlineStore, number: int) -> None:
    """Version `number`: client 7's history has that value, and every missing score a million times it."""
    store.materialise(version(f"version {number}", number, number * 1e6), [(np.array([7]), history(number))])


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'online.db'}"


@pytest.fixture
def store(url: str) -> Iterator[OnlineStore]:
    opened = OnlineStore(url)
    load(opened, 1)
    yield opened
    opened.close()


def test_a_known_client_is_served_its_history(store: OnlineStore) -> None:
    service = FeatureService(store)
    served = service.features_of(APPLICATION, 7)
    assert served.values.tobytes() == expected(1, 1e6)
    assert served.values.dtype == np.float32
    assert (served.history_found, served.version.number) == (True, 1)
    assert service.feature_names == feature_names()
    assert len(served.values) == len(service.feature_names)


@pytest.mark.parametrize("client", [None, 8])
def test_an_unknown_client_is_served_an_empty_history(store: OnlineStore, client: int | None) -> None:
    served = FeatureService(store).features_of(APPLICATION, client)
    empty = empty_history()
    assert served.values[: len(empty)].tobytes() == empty.tobytes()
    assert not served.history_found


def test_a_newly_loaded_version_is_served_with_its_statistics(store: OnlineStore) -> None:
    service = FeatureService(store)
    load(store, 2)
    served = service.features_of(APPLICATION, 7)
    assert served.values.tobytes() == expected(2, 2e6)
    assert served.version.number == service.version.number == 2


class MovingStore(OnlineStore):
    """A store whose version changes just before each read."""

    def __init__(self, url: str, other: OnlineStore) -> None:
        super().__init__(url)
        self._other = other
        self.moves: Iterator[int] = iter(())

    def current(self) -> OnlineVersion:
        self._move()
        return super().current()

    def read(self, client_ids: Sequence[int]) -> tuple[str, dict[int, np.ndarray]]:
        self._move()
        return super().read(client_ids)

    def _move(self) -> None:
        if number := next(self.moves, None):
            load(self._other, number)


def test_rows_and_statistics_match_while_versions_change(store: OnlineStore, url: str) -> None:
    moving = MovingStore(url, other=store)
    service = FeatureService(moving)
    moving.moves = iter([2, 3, 4])
    served = service.features_of(APPLICATION, 7)
    assert served.version.number == 4
    assert served.values.tobytes() == expected(4, 4e6)
    moving.close()


def test_several_applications_get_one_version_while_versions_change(store: OnlineStore, url: str) -> None:
    moving = MovingStore(url, other=store)
    service = FeatureService(moving)
    moving.moves = iter([2, 3, 4])
    served = service.features_of_many([APPLICATION] * 4, [7, None, 8, 7])
    assert {one.version.number for one in served} == {4}
    assert [one.history_found for one in served] == [True, False, False, True]
    assert served[0].values.tobytes() == served[3].values.tobytes() == expected(4, 4e6)
    assert served[1].values.tobytes() == served[2].values.tobytes()
    moving.close()


def with_names(names: tuple[str, ...]) -> OnlineVersion:
    return version("other", 2, 1e6).model_copy(update={"history_features": names})


def test_a_running_service_rejects_rows_with_other_features(store: OnlineStore) -> None:
    service = FeatureService(store)
    store.materialise(with_names((*HISTORY_NAMES, "novelty")), [(np.array([7]), history(2))])
    with pytest.raises(StorageError, match=rf"now holds {len(HISTORY_NAMES) + 1} history features"):
        service.features_of(APPLICATION, 7)


def test_a_version_without_a_feature_that_the_application_needs_is_rejected(store: OnlineStore) -> None:
    store.materialise(with_names(("novelty",)), [(np.array([7]), history(2)[:, :1])])
    with pytest.raises(StorageError, match="lacks history features that this program reads"):
        FeatureService(store)


def test_rows_of_another_release_are_rejected(store: OnlineStore, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "online.db") as database:
        database.execute("UPDATE online_feature_versions SET description = '{}'")
    with pytest.raises(StorageError, match="Another release"):
        FeatureService(store)


@pytest.mark.slow
def test_serving_needs_no_data_frame_library() -> None:
    alone = "import sys; sys.modules['polars'] = None; import credit_scoring.feature_store.serving"
    subprocess.run([sys.executable, "-c", alone], check=True)


def test_nothing_is_served_before_a_version_is_loaded(tmp_path: Path) -> None:
    empty = OnlineStore(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(MissingArtefactError, match="features publish"):
        FeatureService(empty)
    empty.close()


def open_files(folder: Path) -> list[str]:
    """Files in a folder that this process holds open."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            found.append(str(descriptor.readlink()))
    return [path for path in found if path.startswith(str(folder))]


def test_closing_the_service_closes_the_connections(store: OnlineStore, tmp_path: Path) -> None:
    service = FeatureService(store)
    service.features_of(APPLICATION, 7)
    assert open_files(tmp_path)
    service.close()
    assert not open_files(tmp_path)


def test_the_duration_of_each_look_up_is_reported(store: OnlineStore) -> None:
    service = FeatureService(store)
    durations: list[float] = []
    service.on_lookup = durations.append
    service.features_of(APPLICATION, 7)
    service.features_of_many([APPLICATION, APPLICATION], [7, None])
    assert len(durations) == 2
    assert all(0 < seconds < 60 for seconds in durations)
