"""The dashboards keep the rules of Grafana's dashboard-linter, and some of our own."""

import re
from itertools import combinations
from typing import Any

import pytest

from monitoring.description.addresses import Links
from monitoring.description.dashboards import DASHBOARDS, KUBERNETES_DASHBOARDS
from scripts.monitoring.grafana import DATA_SOURCE, dashboard_json
from scripts.monitoring.promql import selectors

BOARDS = {board.uid: dashboard_json(board, Links()) for board in (*DASHBOARDS, *KUBERNETES_DASHBOARDS)}
PANELS = [
    pytest.param(uid, panel, id=f"{uid}: {panel['title']}")
    for uid, board in BOARDS.items()
    for panel in board["panels"]
    if panel["type"] != "row"
]
# Recorded series and alerts belong to no target.
WITHOUT_TARGET = ("slo:", "ALERTS", "up")


@pytest.mark.parametrize(("uid", "panel"), PANELS)
def test_a_panel_has_title_description_unit_and_the_chosen_data_source(uid: str, panel: dict[str, Any]) -> None:
    assert panel["title"] and panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    assert all(part["datasource"] == DATA_SOURCE for part in (panel, *panel["targets"]))


@pytest.mark.parametrize(("uid", "panel"), PANELS)
def test_a_query_names_its_job_and_leaves_the_window_of_rates_to_grafana(uid: str, panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        for selector in selectors(target["expr"]):
            assert re.search(r"\bjob=", selector.matchers) or selector.metric.startswith(WITHOUT_TARGET), target["expr"]
            assert selector.metric != "up" or "$job" not in selector.matchers, "all jobs would be all targets"
        windows = re.findall(r"\[(.+?)\]", target["expr"])
        assert set(windows) <= {"$__rate_interval", "$__range"}, target["expr"]


@pytest.mark.parametrize("uid", BOARDS)
def test_the_reader_chooses_data_source_job_and_instance(uid: str) -> None:
    source, job, instance = BOARDS[uid]["templating"]["list"]
    assert (source["name"], source["type"], source["query"]) == ("datasource", "datasource", "prometheus")
    for variable in (job, instance):
        assert variable["datasource"] == DATA_SOURCE
        assert (variable["multi"], variable["includeAll"], variable["allValue"]) == (True, True, ".+")
        assert variable["refresh"] == 2, "read again when the period changes"
    assert 'job=~"$job"' in instance["definition"]


@pytest.mark.parametrize("uid", BOARDS)
def test_a_dashboard_cannot_be_edited_and_shares_its_crosshair(uid: str) -> None:
    board = BOARDS[uid]
    assert not board["editable"]
    assert (board["graphTooltip"], board["timezone"]) == (1, "browser")
    assert {"Deployments", "Model changes"} <= {events["name"] for events in board["annotations"]["list"]}
    assert any("MONITORING.md" in link.get("url", "") for link in board["links"])


@pytest.mark.parametrize("uid", BOARDS)
def test_panels_have_their_own_numbers_and_do_not_overlap(uid: str) -> None:
    panels = BOARDS[uid]["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    boxes = [panel["gridPos"] for panel in panels]
    assert all(box["x"] + box["w"] <= 24 for box in boxes)
    for one, other in combinations(boxes, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        above = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or above


def test_every_dashboard_has_a_title_and_address_of_its_own() -> None:
    assert len({board["title"] for board in BOARDS.values()}) == len(BOARDS) == 7
