"""Fail unless every job that this one needs succeeded: the one check that branch protection requires."""

import json
import os
import sys


def failed_jobs(needs: str) -> dict[str, str]:
    """Results that are not success, by job, from the JSON of the `needs` context."""
    return {name: job["result"] for name, job in json.loads(needs).items() if job["result"] != "success"}


def main() -> None:
    """Print one line for each job that did not succeed; exit code 1 if there is one."""
    failed = failed_jobs(os.environ["NEEDS"])
    for name, result in failed.items():
        print(f"{name}: {result}")
    if failed:
        sys.exit("Not every job succeeded; a skipped or cancelled one proves nothing.")
    print("All jobs succeeded.")


if __name__ == "__main__":
    main()
