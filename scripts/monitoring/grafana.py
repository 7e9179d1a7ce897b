"""Dashboards in Grafana's classic schema, which Grafana 10 to 13 load, and the provisioning files."""

from collections.abc import Iterator
from typing import Any, Final

from monitoring.description.addresses import Links
from monitoring.description.panel import WIDTH, Dashboard, Panel, Row

SCHEMA_VERSION: Final = 39
DATA_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_GRAFANA: Final = {"type": "grafana", "uid": "-- Grafana --"}


def dashboard_json(dashboard: Dashboard, links: Links) -> dict[str, Any]:
    """One dashboard."""
    return {
        "uid": dashboard.uid,
        "title": dashboard.title,
        "description": dashboard.description,
        "tags": ["credit-scoring"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": False,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables(dashboard)},
        "annotations": {"list": _annotations()},
        "links": [
            *(_link(title, f"{links.documentation}/{page}") for title, page in dashboard.reports),
            _link("Runbooks", f"{links.documentation}/MONITORING.md#alerts"),
            {
                "type": "dashboards",
                "title": "Other dashboards",
                "tags": ["credit-scoring"],
                "asDropdown": True,
                "keepTime": True,
                "includeVars": False,
            },
        ],
        "panels": list(_panels(dashboard, links)),
    }


def _link(title: str, url: str) -> dict[str, Any]:
    return {"type": "link", "title": title, "url": url, "targetBlank": True, "icon": "doc", "tags": []}


def _variables(dashboard: Dashboard) -> list[dict[str, Any]]:
    series = dashboard.series

    def chosen(name: str, query: str) -> dict[str, Any]:
        return {
            "name": name,
            "label": name,
            "type": "query",
            "datasource": DATA_SOURCE,
            "query": {"query": query, "refId": name},
            "definition": query,
            "refresh": 2,
            "multi": True,
            "includeAll": True,
            "allValue": ".+",
            "current": {"text": "All", "value": "$__all"},
            "sort": 1,
        }

    return [
        {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus", "refresh": 1},
        chosen("job", f"label_values({series}, job)"),
        chosen("instance", f'label_values({series}{{job=~"$job"}}, instance)'),
    ]


def _annotations() -> list[dict[str, Any]]:
    def events(name: str, expression: str, title: str, colour: str, **options: str) -> dict[str, Any]:
        return {
            "name": name,
            "enable": True,
            "datasource": DATA_SOURCE,
            "expr": expression,
            "titleFormat": title,
            "iconColor": colour,
            "step": "60s",
            **options,
        }

    model = 'credit_model_version{job="credit-api", role="champion"}'
    started = 'max by (version) (credit_build_info{job="credit-api"} * on (instance) group_left ()'
    return [
        {
            "name": "Annotations & Alerts",
            "builtIn": 1,
            "enable": True,
            "hide": True,
            "datasource": _GRAFANA,
            "iconColor": "rgba(0, 211, 255, 1)",
            "type": "dashboard",
        },
        events(
            "Deployments",
            f'{started} credit_process_start_time_seconds{{job="credit-api"}}) * 1000',
            "Start of version {{version}}",
            "blue",
            useValueForTime="on",
        ),
        events("Model changes", f"max (changes({model}[2m])) > 0", "New model version", "purple"),
        events(
            "Alerts",
            'ALERTS{alertstate="firing", severity="critical"}',
            "{{alertname}}",
            "red",
            tagKeys="component",
        ),
    ]


def _panels(dashboard: Dashboard, links: Links) -> Iterator[dict[str, Any]]:
    number, top = 1, 0
    for row in dashboard.rows:
        yield {
            "id": number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": {"x": 0, "y": top, "w": WIDTH, "h": 1},
            "panels": [],
        }
        number, top = number + 1, top + 1
        for panel, position in laid_out(row, top):
            yield _panel(number, panel, position, links)
            number += 1
            top = max(top, position["y"] + position["h"])


def laid_out(row: Row, top: int) -> Iterator[tuple[Panel, dict[str, int]]]:
    """Panels with their positions, from left to right in lines as high as their highest panel."""
    left, height = 0, 0
    for panel in row.panels:
        if left + panel.width > WIDTH:
            left, top, height = 0, top + height, 0
        yield panel, {"x": left, "y": top, "w": panel.width, "h": panel.height}
        left, height = left + panel.width, max(height, panel.height)


def _panel(number: int, panel: Panel, position: dict[str, int], links: Links) -> dict[str, Any]:
    defaults: dict[str, Any] = {"unit": panel.unit, "thresholds": _thresholds(panel)}
    defaults |= {name: end for name, end in (("min", panel.minimum), ("max", panel.maximum)) if end is not None}
    if panel.kind == "state-timeline":
        defaults["custom"] = {"fillOpacity": 80, "lineWidth": 0}
    if panel.kind == "timeseries":
        defaults["custom"] = {
            "lineWidth": 1,
            "fillOpacity": 20 if panel.stacked else 5,
            "stacking": {"mode": "normal" if panel.stacked else "none"},
            "thresholdsStyle": {"mode": "off" if panel.limit is None else "dashed"},
            **({"scaleDistribution": {"type": "log", "log": 10}} if panel.logarithmic else {}),
        }
    runbook = [_link(f"Runbook: {panel.alert}", links.runbook(panel.alert))] if panel.alert else []
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "gridPos": position,
        "datasource": DATA_SOURCE,
        "links": runbook,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": _options(panel),
        "targets": [
            {
                "refId": chr(ord("A") + index),
                "datasource": DATA_SOURCE,
                "expr": query.expression,
                "legendFormat": query.legend,
                "instant": panel.kind in ("stat", "bargauge"),
                "range": panel.kind not in ("stat", "bargauge"),
                **({"format": "heatmap"} if panel.kind == "heatmap" else {}),
            }
            for index, query in enumerate(panel.queries)
        ],
    }


def _thresholds(panel: Panel) -> dict[str, Any]:
    good, bad = ("red", "green") if panel.is_floor else ("green", "red")
    steps: list[dict[str, Any]] = [{"color": "green" if panel.limit is None else good, "value": None}]
    if panel.limit is not None:
        steps.append({"color": bad, "value": panel.limit})
    return {"mode": "absolute", "steps": steps}


def _options(panel: Panel) -> dict[str, Any]:
    if panel.kind == "stat":
        calculation = {"calcs": ["lastNotNull"], "fields": "", "values": False}
        text, colour = ("name", "none") if panel.shows_name else ("auto", "value")
        return {"reduceOptions": calculation, "colorMode": colour, "graphMode": "none", "textMode": text}
    if panel.kind == "bargauge":
        calculation = {"calcs": ["lastNotNull"], "fields": "", "values": False}
        return {"reduceOptions": calculation, "orientation": "horizontal", "displayMode": "basic"}
    if panel.kind == "state-timeline":
        return {"mergeValues": True, "showValue": "never", "rowHeight": 0.8, "legend": {"showLegend": False}}
    if panel.kind == "heatmap":
        return {"calculate": False, "yAxis": {"unit": panel.unit}, "color": {"mode": "scheme", "scheme": "Oranges"}}
    return {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi", "sort": "desc"}}


def data_sources() -> dict[str, Any]:
    """Grafana's data source, by file."""
    return {
        "apiVersion": 1,
        "datasources": [
            {
                "name": "Prometheus",
                "type": "prometheus",
                "access": "proxy",
                "url": "http://prometheus:9090",
                "isDefault": True,
                "jsonData": {"timeInterval": "15s"},
            }
        ],
    }


def dashboard_provider() -> dict[str, Any]:
    """Where Grafana finds the dashboards."""
    return {
        "apiVersion": 1,
        "providers": [
            {
                "name": "credit-scoring",
                "folder": "Credit scoring",
                "type": "file",
                "allowUiUpdates": False,
                "disableDeletion": False,
                "options": {"path": "/etc/grafana/dashboards"},
            }
        ],
    }
