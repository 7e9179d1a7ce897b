"""Values as Grafana writes them in a unit."""

import math
from typing import Final

_SECONDS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"), (0.001, "ms"))
_BINARY: Final = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"), (1, "B"))
_RATES: Final = {"reqps": " req/s", "ops": " /s"}


def formatted(value: float, unit: str) -> str:
    """A value of one of the dashboards' units."""
    if math.isnan(value):
        return "no data"
    match unit:
        case "percentunit":
            return f"{100 * value:.3g} %"
        case "s":
            return _scaled(value, _SECONDS)
        case "bytes":
            return _scaled(value, _BINARY)
        case "Bps":
            return f"{_scaled(value, _BINARY)}/s"
        case _:
            return f"{value:.4g}{_RATES.get(unit, '')}"


def _scaled(value: float, units: tuple[tuple[float, str], ...]) -> str:
    size, name = next(((size, name) for size, name in units if abs(value) >= size), units[-1])
    return f"{value / size:.3g} {name}"
