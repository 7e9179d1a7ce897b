"""A gate that compared nothing does not pass, and statistics know how few rows they saw."""

import numpy as np
import pytest

from credit_scoring.evaluation.fairness import SMALLEST_GROUP, audit
from credit_scoring.evaluation.population_stability import MOVED_ABOVE, population_stability_index, stability_by_chance
from credit_scoring.governance.fairness_gate import fairness_result

LARGE, SMALL = 4 * SMALLEST_GROUP, SMALLEST_GROUP - 1


def two_groups(first: int, second: int) -> np.ndarray:
    return np.array(["F"] * first + ["M"] * second)


def test_a_group_that_is_compared_with_itself_alone_does_not_pass_the_fairness_gate() -> None:
    genders = two_groups(LARGE, SMALL)
    accepted = genders == "F"
    nothing = np.zeros(len(genders))
    result = fairness_result(audit(accepted, nothing + 0.1, nothing, {"gender": genders}), 0.8)
    assert not result.passed and "nothing is known" in result.message


def test_the_fairness_gate_names_what_it_could_not_compare() -> None:
    genders, ages = two_groups(LARGE, LARGE), two_groups(2 * LARGE - SMALL, SMALL)
    accepted = np.tile([True, False], LARGE)
    nothing = np.zeros(2 * LARGE)
    result = fairness_result(audit(accepted, nothing, nothing, {"gender": genders, "age": ages}), 0.8)
    assert result.passed and result.message.endswith("too few clients to compare: age")


@pytest.mark.parametrize("count", [10, 20, 40, 200, 5_000])
def test_applications_of_the_training_distribution_itself_have_not_moved(count: int) -> None:
    random = np.random.default_rng(count)
    training = random.normal(size=5_000)
    drawn = [population_stability_index(training, random.normal(size=count)) for _ in range(400)]
    limit = max(MOVED_ABOVE, stability_by_chance(len(training), count))
    assert np.mean(np.array(drawn) > limit) < 0.02


def test_applications_that_really_moved_are_found_as_soon_as_there_are_enough() -> None:
    random = np.random.default_rng(1)
    training = random.normal(size=5_000)
    assert stability_by_chance(5_000, 200) < MOVED_ABOVE
    assert population_stability_index(training, random.normal(1.0, size=200)) > MOVED_ABOVE
