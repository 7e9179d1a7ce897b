"""What one DAG hands to another: an update of an asset starts whoever waits for it."""

from airflow.sdk import Asset

VALIDATED_DATA = Asset("credit://data/validated")
"""New tables passed validation; its metadata names the data version."""
PUBLISHED_FEATURES = Asset("credit://features/online")
"""A feature version was published, offline and for the service."""
PROMOTED_MODEL = Asset("credit://model/promoted")
"""Another model version serves in production."""
RECORDED_OUTCOMES = Asset("credit://outcomes/recorded")
"""It became known what happened to decided applications. What imports them reports it over Airflow's REST interface."""
DRIFT_ALARM = Asset("credit://drift/alarm")
"""Applications or performance moved away from the training: a training is started."""
