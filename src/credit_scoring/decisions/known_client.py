"""Decide on the application of a client whose raw tables were ingested."""

from credit_scoring.core.engine import bucket_of
from credit_scoring.core.errors import MissingArtefactError
from credit_scoring.core.settings import Settings
from credit_scoring.core.storage import Storage
from credit_scoring.decisions.deciding import open_decision_service
from credit_scoring.decisions.ledger import DecisionRecord
from credit_scoring.tables.application import APPLICATION_TEST, APPLICATION_TRAIN
from credit_scoring.tables.parquet import CLIENT, read_bucket, validated_tables


def decide_on_client(settings: Settings, client_id: int) -> DecisionRecord:
    """Decide on a client's ingested application and record the decision.

    Raises:
        MissingArtefactError: no such client was ingested.
    """
    application = ingested_application(settings, client_id)
    service = open_decision_service(settings)
    try:
        return service.decide(application, client_id)
    finally:
        service.close()


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
