"""Cases of the service and its model."""

from typing import Final

from monitoring.description.cases.case import Series, below, episode

_PROBE: Final = 'probe_success{job="probe", probe="%s"}'
_UP: Final = 'up{job="credit-api", instance="%s"}'
_START: Final = 'credit_process_start_time_seconds{job="credit-api", instance="%s"}'
_READY: Final = 'credit_component_ready{job="credit-api", instance="%s", component="%s"}'
_THREADS: Final = 'credit_thread_failures_total{job="credit-api", instance="a", thread="%s"}'
_VERSION: Final = 'credit_model_version{job="credit-api", instance="%s", role="champion"}'
_SHADOW: Final = 'credit_model_version{job="credit-api", instance="a", role="shadow"}'
_CHANGES: Final = 'credit_model_changes_total{job="credit-api", instance="a", result="%s"}'
_SPOOL: Final = 'credit_ledger_spooled_decisions{job="credit-api", instance="a"}'
_AGE: Final = 'credit_feature_age_seconds{job="credit-api", instance="%s"}'
_UNSEEN: Final = 'credit_unseen_categories_total{job="credit-api", column="OCCUPATION_TYPE"}'
_DECISIONS: Final = 'credit_predictions_total{job="credit-api", decision="%s", model_version="5"}'
_EIGHT_DAYS: Final = 691_200


def _decisions(accepted: str, refused: str) -> Series:
    return {_DECISIONS % "accepted": accepted, _DECISIONS % "refused": refused}


SERVICE_CASES: Final = (
    episode("CreditApiUnreachable", {_PROBE % "service": "1x4 0x20 1x20"}, 9, 11, 28),
    episode(
        "CreditApiUnreachable",
        {_PROBE % "service": "1x4 0x20 1x20", _PROBE % "proxy": "1x45", _PROBE % "mlflow": "1x45"},
        9,
        11,
        28,
        title="fires although the proxy itself answers",
    ),
    below("CreditApiUnreachable", {_PROBE % "service": "1x4 0x3 1x40"}, 8, 12),
    below(
        "CreditApiUnreachable", {_PROBE % "service": "1x40", _PROBE % "mlflow": "0x40"}, 20, title="has its own probe"
    ),
    episode("CreditRegistryUnreachable", {_PROBE % "mlflow": "1x4 0x20 1x20"}, 14, 16, 28),
    below("CreditRegistryUnreachable", {_PROBE % "mlflow": "1x4 0x8 1x40"}, 13, 16),
    episode("CreditReplicasMissing", {_UP % "a": "1x60", _UP % "b": "1x4 0x20 1x20"}, 9, 11, 28),
    episode(
        "CreditReplicasMissing",
        {_UP % "a": "1x60", _UP % "b": "1x4 stale _x20 1x20"},
        9,
        12,
        30,
        title="fires for a replica that vanished",
    ),
    below("CreditReplicasMissing", {_UP % "a": "1x60", _UP % "b": "1x60"}, 11, 40),
    episode("CreditReplicasRestart", {_START % "a": "1x4 2x4 3x4 4x60", _START % "b": "1x80"}, 10, 16, 50),
    episode(
        "CreditReplicasRestart",
        {
            _START % "a": "1x3 stale",
            _START % "b": "_x3 2x3 stale",
            _START % "c": "_x7 3x3 stale",
            _START % "d": "_x11 4x60",
        },
        8,
        16,
        50,
        title="fires for a replica that gets an address of its own at each start",
    ),
    below("CreditReplicasRestart", {_START % "a": "1x4 2x60", _START % "b": "1x8 2x60"}, 10, 16, 30),
    episode("CreditComponentNotReady", {_READY % ("a", "store"): "1x4 0x10 1x10"}, 6, 8, 17),
    episode(
        "CreditComponentNotReady",
        {_READY % ("a", "store"): "1x4 0x10 1x10", _READY % ("a", "model"): "1x30", _READY % ("b", "store"): "1x30"},
        6,
        8,
        17,
        title="fires for one component of one replica",
    ),
    below("CreditComponentNotReady", {_READY % ("a", "store"): "1x4 0 1x20"}, 6, 8),
    episode("CreditThreadFailed", {_THREADS % "champion": "0x4 1x40"}, 3, 6, 30),
    below("CreditThreadFailed", {_THREADS % "champion": "3x40"}, 6, 30),
    below(
        "CreditThreadFailed", {_THREADS % "deciding": "0x4 1x40"}, 6, title="leaves the thread that decides to another"
    ),
    episode("CreditDecidingStopped", {_THREADS % "deciding": "0x4 1x20 0x20"}, 3, 6, 27),
    below("CreditDecidingStopped", {_THREADS % "deciding": "0x40", _THREADS % "champion": "1x40"}, 6, 30),
    episode("CreditModelVersionsDiffer", {_VERSION % "a": "5x60", _VERSION % "b": "5x4 6x30 5x20"}, 18, 22, 40),
    below("CreditModelVersionsDiffer", {_VERSION % "a": "5x60", _VERSION % "b": "5x4 6x13 5x40"}, 18, 22),
    below(
        "CreditModelVersionsDiffer",
        {_VERSION % "a": "5x60", _SHADOW: "6x60"},
        22,
        title="is silent for a shadow model of another version",
    ),
    below(
        "CreditModelChangeFailed", {_CHANGES % "activated": "0x4 1x40"}, 6, title="is silent for a change that works"
    ),
    episode("CreditModelChangeFailed", {_CHANGES % "failed": "0x4 1x40"}, 3, 6, 30),
    below("CreditModelChangeFailed", {_CHANGES % "failed": "3x40"}, 6, 30),
    episode("CreditSpoolGrowing", {_SPOOL: "0x4 10+10x20 0x20"}, 8, 14, 40),
    below("CreditSpoolGrowing", {_SPOOL: "100-1x40"}, 14, 30, title="is silent while the spool drains"),
    below(
        "CreditSpoolGrowing", {_SPOOL: "0x4 0 2 0 4 0 6 0 8 0 10 0 12 0x20"}, 14, 16, title="is silent for a moment's"
    ),
    episode("CreditFeaturesOld", {_AGE % "a": f"{_EIGHT_DAYS + 1}+60x40 60x10"}, 14, 20, 45),
    episode(
        "CreditFeaturesOld",
        {_AGE % "a": f"{_EIGHT_DAYS + 1}+60x40 60x10", _AGE % "b": "60x60"},
        14,
        20,
        45,
        title="fires for one replica of two",
    ),
    below("CreditFeaturesOld", {_AGE % "a": f"{_EIGHT_DAYS}x60"}, 20, 50),
    episode("CreditRefusedShareUnusual", _decisions("0+38x60 2350+70x120", "0+62x60 3750+30x120"), 29, 45, 160),
    episode("CreditRefusedShareUnusual", _decisions("0+97x60 5820+50x120", "0+3x60 180+50x120"), 29, 45, 160),
    below("CreditRefusedShareUnusual", _decisions("0+41x180", "0+59x180"), 45, 150),
    below("CreditRefusedShareUnusual", _decisions("0+0x180", "0+1x180"), 95, title="is silent for few decisions"),
    episode("CreditUnseenCategories", {_UNSEEN: "0+5.1x60 306x120", **_decisions("0+100x180", "0x180")}, 29, 45, 150),
    below(
        "CreditUnseenCategories",
        {_UNSEEN: "0+1x180", **_decisions("0+1x180", "0x180")},
        45,
        150,
        title="is silent for few decisions",
    ),
    below("CreditUnseenCategories", {_UNSEEN: "0+4x180", **_decisions("0+100x180", "0x180")}, 45, 150),
)
