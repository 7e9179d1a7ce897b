#!/usr/bin/env python3
"""Deploy a release to an environment, test it, and undo what fails.

scripts/deploy.py --environment staging --release release.json     deploy, smoke test, roll back if one of them fails
scripts/deploy.py --environment staging --rollback                 back to the last verified deployment
scripts/deploy.py --environment production --verify --minutes 10   watch Prometheus

Needs Python, Helm 3 or 4 and kubectl with access to the cluster; nothing of this project is installed for it.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.delivery.deployment import Delivery  # noqa: E402
from scripts.delivery.environments import ENVIRONMENTS  # noqa: E402
from scripts.delivery.helm import Helm  # noqa: E402
from scripts.delivery.judgement import Prometheus, watch  # noqa: E402
from scripts.delivery.release import DeliveryError, read_release  # noqa: E402


def arguments() -> argparse.Namespace:
    """Parse the command line; what does not fit together ends with exit code 2."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", required=True, choices=sorted(ENVIRONMENTS))
    parser.add_argument("--release", type=Path, help="release file of the version")
    parser.add_argument("--reason", default="", help="recorded with the deployment")
    parser.add_argument("--values", type=Path, action="append", default=[], help="further values of this cluster")
    parser.add_argument("--timeout", type=int, default=600, help="seconds until what is not ready has failed")
    parser.add_argument(
        "--prometheus", default="monitoring/kube-prometheus-stack-prometheus:9090", help="URL or NAMESPACE/SERVICE:PORT"
    )
    parser.add_argument("--minutes", type=float, default=10, help="how long --verify watches")
    parser.add_argument("--revision", type=int, help="revision that --rollback returns to")
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--without-smoke", action="store_true", help="deploy only")
    action.add_argument("--smoke", action="store_true", help="test what is deployed and record it as verified")
    action.add_argument("--rollback", action="store_true", help="return to the last verified deployment")
    action.add_argument("--verify", action="store_true", help="watch the metrics of what is deployed")
    given = parser.parse_args()
    if given.release is None and not (given.rollback or given.verify):
        parser.error("--release is needed to deploy and to test")
    return given


def run(given: argparse.Namespace) -> None:
    """Do what the command line says; raises DeliveryError."""
    environment = ENVIRONMENTS[given.environment]
    delivery = Delivery(environment, Helm(environment.namespace, given.timeout), given.values)
    if given.rollback:
        delivery.roll_back(given.reason, given.revision)
        return
    if given.verify:
        series = f'job="credit-api", namespace="{environment.namespace}"'
        # Tests shorten the minutes.
        watch(Prometheus(given.prometheus), series, given.minutes, float(os.environ.get("SECONDS_PER_MINUTE", "60")))
        return
    release = read_release(given.release)
    if not given.smoke:
        delivery.deploy(release, given.reason)
    if given.without_smoke:
        return
    try:
        delivery.smoke_test(release, given.reason)
    except DeliveryError as error:
        if given.smoke:
            raise
        print(f"The smoke test of {release.version} fails; rolling back.\n{error}", file=sys.stderr)
        delivery.roll_back(f"{release.version} failed its smoke test")
        raise DeliveryError(f"{release.version} was rolled back in {environment.name}.") from error


def main() -> None:
    """Exit code 1 with a message if the release is not, or no longer, deployed."""
    try:
        run(arguments())
    except DeliveryError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
