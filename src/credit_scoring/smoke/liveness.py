"""`python -m credit_scoring.smoke.liveness URL`: the health check of containers.

It runs every few seconds beside the service, so it and all that it imports use the standard library alone.
"""

import sys
from http import HTTPStatus

from credit_scoring.smoke.http_call import CANNOT_CALL, call

TIMEOUT_SECONDS = 4.0


def problem_with(url: str) -> str | None:
    """Why an address does not answer 200 in time; None if it does."""
    try:
        status = call("GET", url, TIMEOUT_SECONDS).status
    except CANNOT_CALL as error:
        return str(error) or type(error).__name__
    return None if status == HTTPStatus.OK else f"it answers {status}"


def main(arguments: list[str]) -> int:
    """Exit code: 0 if the address answers 200, else 1, with one line on standard error."""
    if len(arguments) != 1:
        print("Usage: python -m credit_scoring.smoke.liveness URL", file=sys.stderr)
        return 1
    problem = problem_with(arguments[0])
    if problem is not None:
        print(f"{arguments[0]}: {problem}", file=sys.stderr)
    return int(problem is not None)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
