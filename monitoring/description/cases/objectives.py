"""Cases of the burn rates and of the spool."""

from typing import Final

from monitoring.description.cases.case import Series, below, episode

_REQUESTS: Final = 'credit_requests_total{job="credit-api", path="/predict", status="%s"}'
_BUCKET: Final = 'credit_request_duration_seconds_bucket{job="credit-api", path="/predict", le="0.2"}'
_COUNT: Final = 'credit_request_duration_seconds_count{job="credit-api", path="/predict"}'
_SPOOL: Final = 'credit_ledger_spooled_decisions{job="credit-api", instance="%s"}'
_PROBE: Final = 'probe_success{job="probe", probe="service"}'


def _failing(good: str, failed: str) -> Series:
    return {_REQUESTS % "200": good, _REQUESTS % "503": failed}


def _slow(within: str) -> Series:
    return {_BUCKET: within, _COUNT: "0+1000x500", _REQUESTS % "200": "0+1000x500"}


OBJECTIVE_CASES: Final = (
    # 7.5 % burn 15 times too fast; the short window forgets them within 5 minutes.
    episode("CreditAvailabilityBudgetBurnsFast", _failing("0+925x200", "0+75x20 1500+0x180"), 1, 6, 70),
    below("CreditAvailabilityBudgetBurnsFast", _failing("0+971x200", "0+29x200"), 30, 150),
    # An outage of 5 minutes in an hour, after 5 hours without a failure, in which 6 hours stay within 6 times.
    episode(
        "CreditAvailabilityBudgetBurnsFast",
        _failing("0+1000x300 300000x4 301000+1000x60", "0x300 1000+1000x4 5000x60"),
        306,
        308,
        312,
        title="fires by one hour alone, and resolves when 5 minutes are clean",
    ),
    # 3.5 % burn 7 times too fast: only the condition on 6 hours and 30 minutes holds.
    episode(
        "CreditAvailabilityBudgetBurnsFast",
        _failing("0+965x300 290500+1000x60", "0+35x300 10500x60"),
        1,
        250,
        335,
        title="fires by 6 hours alone, and resolves when 30 minutes are clean",
    ),
    episode(
        "CreditAvailabilityBudgetBurnsFast",
        {**_failing("0+1000x30 stale _x30 30000+1000x180", "0x30 stale _x30 0x180"), _PROBE: "1x30 0x30 1x180"},
        31,
        45,
        150,
        title="fires in an outage, in which no request is counted",
    ),
    below(
        "CreditAvailabilityBudgetBurnsFast",
        _failing("0+0.5x200", "0+0.5x200"),
        60,
        title="is silent for few requests, of which half fail",
    ),
    episode("CreditAvailabilityBudgetBurns", _failing("0+994x500", "0+6x120 720+0x380"), 50, 70, 490),
    below("CreditAvailabilityBudgetBurns", _failing("0+996x300", "0+4x300"), 70, 250),
    below(
        "CreditAvailabilityBudgetBurns",
        _failing("0+970x120 117370+1000x460", "0+30x120 3600x460"),
        500,
        550,
        title="is silent when 6 hours are clean, though three days are not",
    ),
    episode("CreditLatencyBudgetBurnsFast", _slow("0+250x20 5000+1000x480"), 1, 10, 120),
    below("CreditLatencyBudgetBurnsFast", _slow("0+710x500"), 30, 150),
    episode("CreditLatencyBudgetBurns", _slow("0+940x120 112800+1000x380"), 50, 70, 490),
    below("CreditLatencyBudgetBurns", _slow("0+951x500"), 70, 250),
    episode("CreditDecisionsNotInLedger", {_SPOOL % "a": "0x4 1x8 0x20"}, 9, 12, 16),
    episode(
        "CreditDecisionsNotInLedger",
        {_SPOOL % "a": "0x4 5x8 0x20", _SPOOL % "b": "0x40"},
        9,
        12,
        16,
        title="fires for one replica of two",
    ),
    below("CreditDecisionsNotInLedger", {_SPOOL % "a": "0x4 5x3 0x20"}, 8, 10, 12),
    below(
        "CreditDecisionsNotInLedger",
        {_SPOOL % "a": "5x3 0x20"},
        1,
        6,
        title="is silent while a replica that was started drains its spool",
    ),
)
