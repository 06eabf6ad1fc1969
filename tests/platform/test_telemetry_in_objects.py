"""A whole installation whose telemetry lies in an object store: taken in, asked, kept in order, verified, and there after a restart."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard.foundation.clock import NANOSECONDS
from flowyard.storage.objects import ObjectStore
from support.installation import Platform, eventually
from support.object_store import S3Server, s3_server

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

DAY_NS = 24 * 3600 * NANOSECONDS


@pytest.fixture(scope="module")
def store() -> Iterator[S3Server]:
    with s3_server() as made:
        made.make_bucket("telemetry")
        yield made


def spans(trace: str, count: int, *, age_ns: int = 0) -> dict[str, Any]:
    """Return a request of OTLP with the spans of a trace."""
    begin = time.time_ns() - age_ns - NANOSECONDS
    made = [
        {
            "traceId": trace,
            "spanId": f"{number + 1:016x}",
            **({"parentSpanId": f"{1:016x}"} if number else {}),
            "name": f"step {number}",
            "startTimeUnixNano": str(begin + number),
            "endTimeUnixNano": str(begin + 1000),
        }
        for number in range(count)
    ]
    return {"resourceSpans": [{"scopeSpans": [{"spans": made}]}]}


def test_it_is_taken_in_asked_kept_verified_and_there_after_a_restart(tmp_path: Path, store: S3Server) -> None:
    objects = ObjectStore("s3://telemetry/here/telemetry")

    def kept(signal: str = "spans") -> list[str]:
        return sorted(one.name for one in objects.list("") if one.name.startswith(signal) and one.name.endswith(".parquet"))

    (tmp_path / "no-models").mkdir()
    settings = {"FLOWYARD_STORAGE_URL": "s3://telemetry/here", **store.environment}
    with Platform.up(tmp_path / "home", tmp_path / "no-models", settings=settings) as running:
        new, old = "a" * 32, "b" * 32

        def names(trace: str) -> list[str]:
            answer = running.request("GET", f"/api/v1/workspaces/default/traces/{trace}")
            return [span["name"] for span in answer.json()["spans"]] if answer.status == 200 else []

        assert running.request("POST", "/v1/traces", spans(old, 2, age_ns=400 * DAY_NS)).status == 200
        eventually(lambda: len(names(old)) == 2)
        # The first segment comes after ten seconds; upkeep's first round, a minute after the start, lets go of what is too old.
        (first,) = eventually(kept)
        told = ["step 0", "step 1", "step 2"]
        assert running.request("POST", "/v1/traces", spans(new, 3)).status == 200
        eventually(lambda: names(new) == told)
        eventually(lambda: set(kept()) - {first})
        eventually(lambda: names(old) == [], within_s=120)
        counted = running.json("logs", "query", f"SELECT count(*) FROM spans WHERE trace_id = '{new}'", "--since", "1h")
        assert counted["rows"] == [[3]]
        assert running.json("telemetry", "verify")["findings"] == []

        for path in (running.home / "storage/telemetry").rglob("*.parquet"):
            path.unlink()
        assert names(new) == told
        running.supervisor.terminate()
        running.supervisor.wait(40)
        running.restart()
        eventually(lambda: names(new) == told)
        assert names(old) == []
        assert json.loads(running.run("telemetry", "verify", "--json"))["findings"] == []
        assert kept()
