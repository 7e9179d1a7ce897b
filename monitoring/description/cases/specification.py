"""Cases of the specification's seven alerts."""

from typing import Final

from monitoring.description.cases.case import Series, below, episode

_UP: Final = 'up{job="credit-api", instance="%s"}'
_REQUESTS: Final = 'credit_requests_total{job="credit-api", path="/predict", status="%s"}'
_BATCHES: Final = 'credit_requests_total{job="credit-api", path="/predict/batch", status="%s"}'
_PROBES: Final = 'credit_requests_total{job="credit-api", path="/health/ready", status="503"}'
_SCRAPES: Final = 'credit_requests_total{job="credit-api", path="/metrics", status="200"}'
_BUCKET: Final = 'credit_request_duration_seconds_bucket{job="credit-api", path="/predict", le="%s"}'
_IDLE: Final = 'node_cpu_seconds_total{job="node", instance="%s", cpu="%s", mode="idle"}'
_LEDGER: Final = 'credit_database_connected{job="credit-api", instance="%s", database="ledger"}'
_SCORE: Final = 'credit_drift_score{job="credit-api", instance="%s"}'
_DISK: Final = '{job="node", instance="m", device="/dev/vda", fstype="%s", mountpoint="/"}'


def _durations(within_one_second: str) -> Series:
    return {
        _BUCKET % "0.4": "0+50x80",
        _BUCKET % "1.0": within_one_second,
        _BUCKET % "2.5": "0+100x80",
        _BUCKET % "+Inf": "0+100x80",
    }


def _disk(free: str, file_system: str = "ext4") -> Series:
    disk = _DISK % file_system
    return {f"node_filesystem_avail_bytes{disk}": free, f"node_filesystem_size_bytes{disk}": "100x60"}


SPECIFICATION_CASES: Final = (
    episode("CreditApiDown", {_UP % "a": "1x4 0x20 1x20", _UP % "b": "1x4 0x20 1x20"}, 9, 11, 28),
    below("CreditApiDown", {_UP % "a": "1x40", _UP % "b": "0x40"}, 20, title="is silent while one replica answers"),
    below("CreditApiDown", {_UP % "a": "1x4 0x3 1x40"}, 8, 12, title="is silent after a restart of 4 minutes"),
    episode("CreditApiDown", {_UP % "a": "1x4 stale _x20 1x20"}, 9, 12, 30),
    episode(
        "CreditApiErrorRateHigh",
        {
            _REQUESTS % "200": "0+500x60",
            _BATCHES % "200": "0+448x60",
            _REQUESTS % "500": "0+26x20 520x40",
            _BATCHES % "503": "0+26x20 520x40",
        },
        4,
        10,
        40,
    ),
    below("CreditApiErrorRateHigh", {_REQUESTS % "200": "0+951x60", _REQUESTS % "500": "0+49x60"}, 10, 30),
    below(
        "CreditApiErrorRateHigh",
        {_REQUESTS % "200": "0+100x60", _PROBES: "0+100x60"},
        10,
        30,
        title="is silent for probes of a replica that is not ready",
    ),
    below(
        "CreditApiErrorRateHigh",
        {_REQUESTS % "200": "0+50x60", _REQUESTS % "422": "0+50x60"},
        30,
        title="is silent for errors of the callers",
    ),
    episode(
        "CreditApiErrorRateHigh",
        {_REQUESTS % "200": "0+94x60", _REQUESTS % "500": "0+6x20 120+0x40", _SCRAPES: "0+1000x60"},
        4,
        10,
        40,
        title="fires and resolves however many scrapes succeed",
    ),
    episode("CreditDatabaseConnectionLost", {_LEDGER % "a": "1x4 0x5 1x10"}, 3, 6, 13),
    episode(
        "CreditDatabaseConnectionLost",
        {_LEDGER % "a": "1x20", _LEDGER % "b": "1x4 0x5 1x10"},
        3,
        6,
        13,
        title="fires for one replica of two",
    ),
    below("CreditDatabaseConnectionLost", {_LEDGER % "a": "1x40", 'pg_up{job="postgres", instance="p"}': "1x40"}, 20),
    episode("CreditDatabaseConnectionLost", {'pg_up{job="postgres", instance="p"}': "1x4 0x5 1x10"}, 3, 6, 13),
    episode("CreditApiLatencyHigh", _durations("0+94x40 3860+100x39"), 9, 20, 60),
    below("CreditApiLatencyHigh", _durations("0+96x80"), 20, 40),
    episode(
        "CpuHigh",
        {_IDLE % ("m", 0): "0+6x40 240+60x40", _IDLE % ("m", 1): "0+13.2x40 528+60x40"},
        14,
        25,
        60,
        title="fires for two cores that are busy by 90 and 78 %",
    ),
    episode("CpuHigh", {_IDLE % ("m", 0): "0+11.4x40 516+60x40"}, 14, 25, 60),
    below("CpuHigh", {_IDLE % ("m", 0): "0+12.6x80"}, 30, 60),
    below(
        "CpuHigh",
        {_IDLE % ("m", 0): "0x80", _IDLE % ("m", 1): "0+60x80"},
        30,
        title="is silent for one busy core of two",
    ),
    episode(
        "CpuHigh",
        {_IDLE % ("m", 0): "0+11.4x40 516+60x40", _IDLE % ("n", 0): "0+60x80"},
        14,
        25,
        60,
        title="fires for one machine of two",
    ),
    episode("CreditDriftHigh", {_SCORE % "a": "0.51x90 0.4x30"}, 59, 62, 95),
    episode(
        "CreditDriftHigh",
        {_SCORE % "a": "0.51x90 0.4x30", _SCORE % "b": "0.1x120"},
        59,
        62,
        95,
        title="fires although one replica has not read the result",
    ),
    below("CreditDriftHigh", {_SCORE % "a": "0.5x120"}, 62, 110),
    episode("DiskAlmostFull", _disk("20x4 14x10 30x20"), 4, 6, 25),
    below("DiskAlmostFull", _disk("16x60"), 6, 30),
    below("DiskAlmostFull", _disk("1x60", "tmpfs"), 6, 30, title="is silent for a full file system in memory"),
)
