"""Figures, conversations and users on the command line, over a real control plane."""

import csv
import io
import json
import time
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from flowyard.cli.traces import app
from flowyard.cli.usage import usage
from flowyard.client import Workspace
from flowyard.foundation.errors import RemoteError
from flowyard.wire.scores import ScoreWrite
from support.spans import make_span, spool, trace_id

pytestmark = pytest.mark.integration

lone = Typer()
lone.command()(usage)


@pytest.fixture
def place(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    monkeypatch.setenv("FLOWYARD_WORKSPACE", "default")
    monkeypatch.setenv("COLUMNS", "200")
    now = time.time_ns() - 60 * 10**9
    call: dict[str, Any] = {"kind": "llm", "prompt_tokens": 10, "completion_tokens": 5, "cost_micros": 1500, "workspace_id": ""}
    spool(
        server.services.settings.home / "spools",
        [
            make_span(1, 1, **call, model="m", session_id="s1", user_id="ann", start_ns=now),
            make_span(2, 1, **call, model="m", session_id="s1", user_id="bob", status="error", start_ns=now + 1),
            make_span(3, 1, **{**call, "cost_micros": None}, model="n, o", session_id="s2", user_id="ann", start_ns=now + 2),
        ],
    )
    opened = Workspace()
    for _ in range(200):
        if len(list(opened.traces.list())) == 3:
            return opened
        time.sleep(0.1)
    raise AssertionError("the spans did not show")


def test_conversations_and_users(place: Workspace) -> None:
    sessions = json.loads(CliRunner().invoke(app, ["sessions", "--json"]).stdout)
    assert [(one["session_id"], one["users"], one["traces"], one["errors"]) for one in sessions] == [
        ("s2", ["ann"], 1, 0),
        ("s1", ["ann", "bob"], 2, 1),
    ]
    shown = CliRunner().invoke(app, ["sessions", "--limit", "1"]).stdout.splitlines()
    assert len(shown) == 2
    assert shown[1].split()[:6] == ["s2", "ann", "1", "0", "15", "unknown"]
    shown = CliRunner().invoke(app, ["users", "--since", "1h"]).stdout
    assert "0.0015 USD" in shown
    assert "bob" in shown
    assert "names a user" in CliRunner().invoke(app, ["users", "--until", "1h", "--since", "2h"]).stderr


def test_two_periods_side_by_side(place: Workspace) -> None:
    words = ["--by", "model", "--measure", "count", "--measure", "tokens"]
    done = CliRunner().invoke(lone, [*words, "--since", "10s", "--compare-from", "10m", "--compare-to", "1s"])
    assert done.exit_code == 0, done.output
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines == [["model", "count", "before", "tokens", "before"], ["m", "0", "2", "0", "30"], ["n,", "o", "0", "1", "0", "15"]]
    assert "stands under 'before'" in done.stderr


def test_groups_by_scores_and_what_is_no_group(place: Workspace) -> None:
    place.scores.give(ScoreWrite(trace_id=trace_id(1), name="quality", label="good"))
    for _ in range(100):
        rows = place.telemetry.figures(group_by=["score.quality"]).rows
        if rows == ((None, 2), ("good", 1)):
            break
        time.sleep(0.1)
    assert rows == ((None, 2), ("good", 1))
    done = CliRunner().invoke(lone, ["--by", "model", "--by", "score.quality", "--measure", "count", "--json"])
    assert json.loads(done.stdout)["rows"] == [["m", "good", 1], ["m", None, 1], ["n, o", None, 1]]
    with pytest.raises(RemoteError, match="modle") as caught:
        place.telemetry.figures(group_by=["modle"])
    assert caught.value.remedy == "Did you mean model?"


def test_figures_as_csv(place: Workspace) -> None:
    done = CliRunner().invoke(lone, ["--by", "model", "--measure", "cost", "--measure", "count", "--measure", "error_rate", "--csv"])
    assert done.exit_code == 0, done.output
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["model", "cost (USD)", "count", "error_rate"],
        ["m", "0.003", "2", "0.5"],
        ["n, o", "", "1", "0.0"],
    ]
    both = CliRunner().invoke(lone, ["--compare", "--csv"])
    assert both.exit_code == 0, both.output
    rows = list(csv.DictReader(io.StringIO(both.stdout)))
    assert [(row["period"], row["count"]) for row in rows] == [("now", "3"), ("before", "0")]
