"""Decides on applications of clients whose raw tables were ingested, and finds examples among them."""

from collections.abc import Sequence
from contextlib import closing
from typing import NamedTuple

import polars as pl

from credit_scoring.batch_scoring import step
from credit_scoring.core.buckets import bucket_of
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.manifest import DataSource
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.data_contracts.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.data_contracts.bucket_files import read_bucket
from credit_scoring.data_contracts.contract import CLIENT
from credit_scoring.data_contracts.validated_tables import validated_tables
from credit_scoring.decisions.decision_record import DecisionRecord
from credit_scoring.decisions.decision_request import DecisionRequest
from credit_scoring.decisions.service import open_decision_service
from credit_scoring.feature_store.step import published_version
from credit_scoring.scoring.scorer import Decision

_CALLER = "command line"


class ScoredApplication(NamedTuple):
    """An application with its batch score.

    Attributes:
        application: raw columns, without missing ones.
        probability: calibrated probability of default.
        model_version, feature_version: of the score.
        source: of the data.
    """

    application: dict[str, float | int | str]
    probability: float
    model_version: int
    feature_version: int
    source: DataSource


def decide_on_clients(settings: Settings, client_ids: Sequence[int]) -> list[DecisionRecord]:
    """Decide on clients' ingested applications and record the decisions.

    Raises:
        MissingArtefactError: one of the clients was not ingested; no decision is made then.
    """
    applications = [ingested_application(settings, client_id) for client_id in client_ids]
    with closing(open_decision_service(settings)) as service:
        return [
            service.make_decision(DecisionRequest(application, client_id, _CALLER))
            for client_id, application in zip(client_ids, applications, strict=True)
        ]


def example_clients(settings: Settings) -> list[int]:
    """Two clients of the last scoring, new ones if possible: with the median probability of each decision."""
    scores = _scores(settings)
    new = scores.filter(~pl.col("used_in_training"))
    chosen_from = (new if new.height else scores).sort("probability", CLIENT)
    by_decision = (chosen_from.filter(pl.col("decision") == decision.value) for decision in Decision)
    return [int(part[CLIENT][part.height // 2]) for part in by_decision if part.height]


def scored_example(settings: Settings) -> ScoredApplication:
    """The first of the example clients, scored by the model and the features in use.

    Raises:
        MissingArtefactError: nothing was scored here, or the tables are not those that the features come from.
    """
    scored, version = step.run(settings), published_version(settings)
    if validated_tables(Storage.of(settings))[0].fingerprint != version.source_fingerprint:
        raise MissingArtefactError(
            f"Feature version {version.number} was not computed from the tables that were validated last.",
            "Run `credit-scoring pipeline --source PATH` to publish their features.",
        )
    client = example_clients(settings)[0]
    application = ingested_application(settings, client)
    return ScoredApplication(
        application={name: value for name, value in application.items() if value is not None},
        probability=_scores(settings).filter(pl.col(CLIENT) == client)["probability"].item(),
        model_version=int(scored.measures["model_version"]),
        feature_version=version.number,
        source=scored.source,
    )


def ingested_application(settings: Settings, client_id: int) -> dict[str, float | int | str | None]:
    """Raw application columns of an ingested client, as a caller of the service would send them."""
    manifest, folder = validated_tables(Storage.of(settings))
    bucket = bucket_of(client_id, int(manifest.measures["buckets"]))
    for table in (APPLICATION_TEST, APPLICATION_TRAIN):
        frame = read_bucket(folder, table, bucket, APPLICATION_TEST.column_names)
        found = frame.filter(frame[CLIENT] == client_id)
        if found.height:
            return found.row(0, named=True)
    raise MissingArtefactError(
        f"There is no application of client {client_id} among the ingested tables.",
        "Choose a SK_ID_CURR of application_train.csv or application_test.csv.",
    )


def _scores(settings: Settings) -> pl.DataFrame:
    return pl.read_parquet(Storage.of(settings).current(step.SCORE_STEP) / step.SCORES_FILE, glob=False)
