"""The names in an expression are found, and nothing else."""

import pytest

from scripts.monitoring.promql import Selector, selectors


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("up == 0", [Selector("up", "", False)]),
        ('sum by (path) (rate(a{x=~"b|c", y!="d"}[5m])) > 0.05', [Selector("a", 'x=~"b|c",y!="d"', True)]),
        ("max (a) != bool max (b) and on () c > 1e3", [Selector(name, "", False) for name in "abc"]),
        ('label_replace(a == 0, "by", "$1", "on", "(x)")', [Selector("a", "", False)]),
        ('avg_over_time(slo:x:ratio_rate5m{s="}"}[30d:1m])', [Selector("slo:x:ratio_rate5m", 's="}"', True)]),
        ("time() - vector(1) * 2", []),
        ("a * on (i) group_left () b offset 5m", [Selector("a", "", False), Selector("b", "", False)]),
        (
            'topk(15, max by (f) (a{job="$job"})) or rate(b[$__rate_interval])',
            [Selector("a", 'job="$job"', False), Selector("b", "", True)],
        ),
    ],
)
def test_the_series_of_an_expression_are_found(expression: str, found: list[Selector]) -> None:
    assert list(selectors(expression)) == found
