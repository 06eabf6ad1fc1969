"""The page on monitoring lists the metrics as the code has them, and the dashboard asks for nothing else."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from flowyard.monitoring.metrics import METRICS, Metric

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/monitoring.md").read_text(encoding="utf-8")
DASHBOARD: dict[str, Any] = json.loads((ROOT / "docs/grafana/flowyard.json").read_text(encoding="utf-8"))
# Words of PromQL that a query may hold besides metrics and labels.
_WORDS = {"sum", "by", "rate", "increase", "histogram_quantile", "topk", "max", "min", "le"}


def shown(metric: Metric) -> set[str]:
    """The names of a metric's samples."""
    return {f"{metric.name}_{end}" for end in ("bucket", "sum", "count")} if metric.kind == "histogram" else {metric.name}


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def test_the_table_is_what_the_code_says() -> None:
    rows = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*?) \| (.*) \|$", PAGE, re.MULTILINE)
    told = {name: (kind, tuple(re.findall(r"`(\w+)`", labels)), text) for name, kind, labels, text in rows}
    assert told == {metric.name: (metric.kind, metric.labels, metric.help) for metric in METRICS.values()}
    assert len(rows) == len(METRICS)


def test_names_follow_the_conventions() -> None:
    for metric in METRICS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", metric.name)
        assert metric.name.endswith("_total") == (metric.kind == "counter"), metric.name
        assert metric.name.endswith("_info") == (metric.kind == "info"), metric.name
        assert list(metric.bounds) == sorted(set(metric.bounds))
        assert bool(metric.bounds) == (metric.kind == "histogram"), metric.name
        assert "le" not in metric.labels


def test_every_query_asks_for_what_there_is() -> None:
    samples = {name: metric for metric in METRICS.values() for name in shown(metric)}
    assert len(expressions()) > 30
    for expression in expressions():
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]', "", expression)
        words = set(re.findall(r"[a-zA-Z_]\w*", bare)) - _WORDS
        asked = words & set(samples)
        labels = {label for name in asked for label in samples[name].labels}
        assert asked, expression
        assert words - asked <= labels, f"{expression}: {sorted(words - asked - labels)}"


def test_every_label_of_a_legend_is_kept_by_its_query() -> None:
    samples = {name: metric for metric in METRICS.values() for name in shown(metric)}
    for panel in panels():
        for target in panel["targets"]:
            kept = re.findall(r"by \(([^)]*)\)", target["expr"])
            found = {name for name in samples if re.search(rf"\b{name}\b", target["expr"])}
            known = {word.strip() for words in kept for word in words.split(",")} or {
                label for name in found for label in samples[name].labels
            }
            assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known, target


def test_the_dashboard_shows_most_of_what_there_is() -> None:
    text = "\n".join(expressions())
    unseen = [metric.name for metric in METRICS.values() if metric.name not in text]
    assert unseen == [
        "flowyard_telemetry_tail_bytes",
        "flowyard_telemetry_tail_age_seconds",
        "flowyard_telemetry_spool_files",
        "flowyard_telemetry_segments",
        "flowyard_telemetry_segment_rows",
        "flowyard_workspace_info",
    ]


def test_the_dashboard_has_the_form_that_grafana_imports() -> None:
    assert {"title", "uid", "schemaVersion", "panels", "templating", "time"} <= set(DASHBOARD)
    assert DASHBOARD["schemaVersion"] >= 36
    ids = [panel["id"] for panel in DASHBOARD["panels"]]
    assert len(ids) == len(set(ids))
    variables = {variable["name"]: variable for variable in DASHBOARD["templating"]["list"]}
    assert set(variables) == {"datasource", "workspace"}
    assert set(re.findall(r"\$\{?(\w+)", json.dumps(DASHBOARD["panels"]))) <= {*variables, "__rate_interval"}
    assert "flowyard_workspace_info" in variables["workspace"]["query"]["query"]
    for panel in panels():
        assert panel["type"] in {"timeseries", "stat"}
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        references = [target["refId"] for target in panel["targets"]]
        assert len(references) == len(set(references))
        assert panel["fieldConfig"]["defaults"]["unit"]
    for one, other in combinations((panel["gridPos"] for panel in DASHBOARD["panels"]), 2):
        apart_x = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart_y = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart_x or apart_y, (one, other)
        assert one["x"] + one["w"] <= 24


def test_the_configuration_of_prometheus_is_yaml_for_the_default_port() -> None:
    found = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    job = yaml.safe_load(found[1])["scrape_configs"][0]
    assert job["static_configs"][0]["targets"] == ["127.0.0.1:8800"]
    assert "credentials_file" in job["authorization"]
