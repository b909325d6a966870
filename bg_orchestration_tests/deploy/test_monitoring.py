"""Docs, alert rules and dashboard name only metrics that are exported, and the docs name all."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from prometheus_client.core import Metric

from bg_orchestration.observability import metric_families
from bg_orchestration.store.database import engine_for, upgrade_schema
from bg_orchestration_tests.automation.scrapes import everything

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
DASHBOARD = ROOT / "deploy" / "grafana" / "bg_orchestration.json"
DOCS = ROOT / "docs" / "observability.md"

_SELECTOR = re.compile(r"\b(bg_\w+)\s*(?:\{([^}]*)\})?")
_MATCHER = re.compile(r'(\w+)\s*(=~|!~|=|!=)\s*"([^"]*)"')
_BY = re.compile(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)")
_NAME = re.compile(r"[A-Za-z_:][\w:]*")
_FUNCTIONS = {
    "sum", "max", "min", "rate", "increase", "absent", "histogram_quantile", "time",
}  # fmt: skip
_WORDS = {"and", "or", "unless", "bool"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Metric]:
    """Every family that receiver and exporter export, from a real database and a real Dagster."""
    folder = tmp_path_factory.mktemp("exported")
    engine = engine_for(f"sqlite:///{folder / 'test.sqlite3'}")
    upgrade_schema(engine)
    (folder / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        instance.get_runs_count()
    found = everything(engine, folder)
    engine.dispose()
    return found


def series(exported: dict[str, Metric]) -> dict[str, dict[str, set[str]]]:
    """Every sample name that can be asked for, with its labels and the values they have."""
    found: dict[str, dict[str, set[str]]] = {}
    for metric in exported.values():
        if metric.type == "gauge":
            found[metric.name] = {}
        for sample in metric.samples:
            labels = found.setdefault(sample.name, {})
            for label, value in sample.labels.items():
                labels.setdefault(label, set()).add(value)
    # Nobody has said yet that it lives.
    found[metric_families.HEARTBEAT_AGE.name] = {"daemon": set(metric_families.DAEMONS)}
    return found


def faults(expression: str, known: dict[str, dict[str, set[str]]]) -> list[str]:
    """What in a PromQL expression is not exported: metrics, labels, values of labels."""
    found = []
    labels = set()
    for name, matchers in _SELECTOR.findall(expression):
        if name not in known:
            found.append(f"no metric {name}")
            continue
        labels |= known[name].keys()
        for label, operator, value in _MATCHER.findall(matchers):
            values = known[name].get(label)
            if values is None:
                found.append(f"{name} has no label {label}")
            elif wrong := set(value.split("|") if "~" in operator else [value]) - values:
                found.append(f"{name} has no {label} {sorted(wrong)}")
    grouped = {one.strip() for names in _BY.findall(expression) for one in names.split(",")}
    found += [f"no label {label}" for label in sorted(grouped - labels)]
    rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", _BY.sub("", expression))
    names = {name for name in _NAME.findall(rest) if not name.startswith("bg_")}
    return found + [f"unknown word {name}" for name in sorted(names - _FUNCTIONS - _WORDS)]


def test_the_check_of_expressions_finds_what_is_wrong(exported: dict[str, Metric]) -> None:
    known = series(exported)
    right = 'sum by (stage) (rate(bg_events_pending{stage=~"due|deferred"}[5m])) > 1'
    assert faults(right, known) == []
    assert faults("bg_events_pendign > 1", known) == ["no metric bg_events_pendign"]
    assert faults("bg_webhook_events > 1", known) == ["no metric bg_webhook_events"]
    assert faults('bg_events_pending{stage="dead"}', known) == [
        "bg_events_pending has no stage ['dead']"
    ]
    assert faults('bg_groups{stage="due"}', known) == ["bg_groups has no label stage"]
    assert faults("sum by (company) (bg_groups)", known) == ["no label company"]
    assert faults("median(bg_groups)", known) == ["unknown word median"]


def _documented() -> dict[str, set[str]]:
    rows = re.findall(r"^\| `(bg_\w+)` \|([^|]*)\|", DOCS.read_text(), re.M)
    assert len({name for name, _ in rows}) == len(rows)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def test_the_docs_list_every_metric_and_its_labels_and_no_other(
    exported: dict[str, Metric],
) -> None:
    known = series(exported)
    real = {}
    for metric in exported.values():
        name = f"{metric.name}_total" if metric.type == "counter" else metric.name
        sample = f"{name}_bucket" if metric.type == "histogram" else name
        real[name] = known[sample].keys() - {"le"}
    assert _documented() == real


def test_names_follow_the_conventions_of_prometheus(exported: dict[str, Metric]) -> None:
    for metric in exported.values():
        assert re.fullmatch(r"bg_[a-z0-9_]+", metric.name)
        assert metric.documentation.endswith(".")
        if metric.type == "histogram":
            assert metric.name.endswith(("_seconds", "_rows")), metric.name
        assert not metric.name.endswith(("_total", "_ms", "_minutes", "_count", "_bucket"))


def _rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load((PROMETHEUS / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_alerts_use_what_is_exported_and_say_what_to_do(exported: dict[str, Metric]) -> None:
    known = series(exported)
    rules = _rules()
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    for rule in rules:
        assert faults(rule["expr"], known) == [], rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "action"}
        assert f"`{rule['alert']}`" in DOCS.read_text()


def test_each_alert_is_tried_both_ways_or_when_all_is_silent() -> None:
    tests = yaml.safe_load((PROMETHEUS / "alerts_test.yaml").read_text())["tests"]
    rung = {
        one["alertname"] for test in tests for one in test["alert_rule_test"] if one["exp_alerts"]
    }
    silent = {
        one["alertname"]
        for test in tests
        for one in test["alert_rule_test"]
        if not one["exp_alerts"]
    }
    assert rung == silent == {rule["alert"] for rule in _rules()}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "prometheus.yaml"),
        ("check", "rules", "alerts.yaml"),
        ("test", "rules", "alerts_test.yaml"),
    ],
)
def test_promtool_agrees(arguments: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["promtool", *arguments],
        cwd=PROMETHEUS, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _panels() -> Iterator[dict[str, Any]]:
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield panel
        yield from panel.get("panels", [])


def test_the_dashboard_asks_only_for_what_is_exported(exported: dict[str, Metric]) -> None:
    known = series(exported)
    asked = set()
    for panel in _panels():
        if panel["type"] == "row":
            continue
        assert panel["description"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"
        for target in panel["targets"]:
            expression = target["expr"].replace("$__rate_interval", "5m")
            assert faults(expression, known) == [], panel["title"]
            shown = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            names = [name for name, _ in _SELECTOR.findall(expression)]
            asked |= set(names)
            assert shown <= set().union(*[known[name].keys() for name in names])
    families_shown = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in asked}
    # What only a person who removes keys, or who looks at memory, wants to see.
    assert exported.keys() - families_shown == {"bg_webhook_key_matches", "bg_webhook_queued_bytes"}


def test_the_dashboards_panels_do_not_overlap() -> None:
    dashboard = json.loads(DASHBOARD.read_text())
    assert dashboard["schemaVersion"] >= 39
    assert dashboard["uid"]
    assert [one["type"] for one in dashboard["templating"]["list"]] == ["datasource"]
    ids = [panel["id"] for panel in _panels()]
    assert len(set(ids)) == len(ids)
    cells: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24
        mine = {
            (x, y)
            for x in range(at["x"], at["x"] + at["w"])
            for y in range(at["y"], at["y"] + at["h"])
        }
        assert not cells & mine, panel["title"]
        cells |= mine
