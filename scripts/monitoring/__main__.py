"""Write the configuration for another installation: `python -m scripts.monitoring FOLDER --speed 100`."""

import argparse
from pathlib import Path

from monitoring.description.durations import Durations
from scripts.monitoring.files import Installation, write_monitoring


def main() -> None:
    """Write the files into a folder."""
    parser = argparse.ArgumentParser(prog="python -m scripts.monitoring", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--environment", default=Installation.environment, help="label of every alert")
    parser.add_argument("--speed", type=float, default=1.0, help="divides all durations, for tests")
    given = parser.parse_args()
    write_monitoring(given.folder, Installation(durations=Durations(given.speed), environment=given.environment))


if __name__ == "__main__":
    main()
