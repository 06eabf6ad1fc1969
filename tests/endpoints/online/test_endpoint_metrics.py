"""What an endpoint did and does: spans in the real telemetry store, counts of gateways in the real database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.cli.entry import main
from flowyard.endpoints.errors import EndpointUnknownError
from flowyard.endpoints.figures import Counts, GatewayCounts
from flowyard.endpoints.online.metrics import EndpointMetricsService
from flowyard.endpoints.online.usage import DeploymentUse
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.storage.sql.usage import SqlUsageStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.tracing.figures import FigureService
from flowyard.tracing.model import SpanRecord
from flowyard.wire.endpoint_metrics import EndpointMetrics
from flowyard.wire.endpoints import DeploymentCreate, EndpointCreate
from support.guards import Withholding
from support.online_installation import Online
from support.spans import START_NS, make_span, spool

SECOND = 10**9
SINCE, UNTIL = to_rfc3339(START_NS), to_rfc3339(START_NS + 600 * SECOND)


class Asked:
    """An endpoint with spans, and its metrics."""

    def __init__(self, online: Online, folder: Path) -> None:
        self.online = online
        self.store = TelemetryStore(online.engine, folder / "spools", SegmentFiles(folder / "segments"))
        self._spools = folder / "spools"
        figures = FigureService(self.store.queries, Withholding())
        self.service = EndpointMetricsService(online.store, figures, online.figures, SqlUsageStore(online.engine))
        online.write_flow()
        online.service.create(online.caller, EndpointCreate(name="support"))
        online.run(online.service.deploy(online.caller, "support", DeploymentCreate(flow="answers")))

    def put(self, *records: SpanRecord) -> None:
        spool(self._spools, records)
        self.store.indexer.step()

    def ask(self, *by: str, **options: Any) -> EndpointMetrics:
        options = {"since": SINCE, "until": UNTIL, **options}
        return self.service.ask(self.online.caller, "support", by=by or ("deployment",), **options)


@pytest.fixture
def asked(installation: Online, tmp_path: Path) -> Iterator[Asked]:
    opened = Asked(installation, tmp_path)
    yield opened
    opened.store.queries.close()


def request(trace: int, ms: int, deployment: str = "blue", **fields: Any) -> SpanRecord:
    return make_span(trace, 1, kind="http", endpoint="support", deployment=deployment, duration_ns=ms * 1_000_000, **fields)


def below(trace: int, number: int, **fields: Any) -> SpanRecord:
    return make_span(trace, number, 1, endpoint="support", deployment="blue", **fields)


def test_requests_latency_errors_tokens_and_cost_by_deployment(asked: Asked) -> None:
    asked.put(
        *(request(number, number * 10) for number in range(1, 101)),
        *(request(number, 5, "green", status="error", error_type="500") for number in range(101, 104)),
        request(104, 5, "green", status="error", error_type="ReplicaTimeout"),
        below(1, 2, kind="flow"),
        below(1, 3, kind="llm", model="m", prompt_tokens=7, completion_tokens=3, cost_micros=40),
        # None of these is a request of the endpoint.
        request(105, 5, "green", attributes={"flowyard.mirror": True}),
        make_span(106, 1, kind="http", endpoint="other", deployment="blue"),
        make_span(107, 1, kind="http", endpoint="support", deployment="blue", workspace_id="w2"),
    )
    found = asked.ask()
    blue, green = found.figures
    assert (blue.deployment, blue.requests, blue.errors, blue.per_minute) == ("blue", 100, 0, 10.0)
    assert (blue.p50_ms, blue.p90_ms, blue.p95_ms, blue.p99_ms) == pytest.approx((505, 901, 950.5, 990.1), abs=1)
    assert (blue.prompt_tokens, blue.completion_tokens, blue.cost_micros) == (7, 3, "40")
    assert (green.deployment, green.requests, green.errors, green.error_rate, green.p50_ms) == ("green", 4, 4, 1.0, 5.0)
    assert (green.prompt_tokens, green.cost_micros) == (0, "0")
    assert [(entry.deployment, entry.error, entry.requests) for entry in found.errors] == [
        ("green", "500", 3),
        ("green", "ReplicaTimeout", 1),
    ]
    by_status = asked.ask("status", "deployment").figures
    assert [(row.status, row.deployment, row.requests, row.prompt_tokens) for row in by_status] == [
        ("ok", "blue", 100, None),
        ("error", "green", 4, None),
    ]


def test_over_time_with_what_a_bucket_that_is_cut_lasts(asked: Asked) -> None:
    asked.put(*(request(number, 10) for number in range(1, 120)))
    series = asked.ask(grain="minute", since=to_rfc3339(START_NS), until=to_rfc3339(START_NS + 100 * SECOND)).figures
    assert sum(row.requests for row in series) == 99
    assert [row.time for row in series] == sorted(row.time or "" for row in series)
    # One request a second, however much of the minute lies in the period.
    assert all(row.per_minute == pytest.approx(60, rel=0.1) for row in series)


def test_what_gateways_tell_of_now(asked: Asked) -> None:
    (load,) = asked.ask().load
    assert (load.deployment, load.state, load.instances, load.replicas_ready, load.in_flight) == ("blue", "healthy", 1, 1, 0)
    assert load.as_of is None
    (blue,) = asked.online.store.get("w1", "support").deployments  # type: ignore[union-attr]
    rows = [GatewayCounts(deployment_id=blue.id, gateway=gateway, counts=Counts(in_flight=2, waiting=1)) for gateway in ("a", "b")]
    asked.online.figures.tell(rows, [])
    (load,) = asked.ask().load
    assert (load.in_flight, load.waiting, load.as_of is not None) == (4, 2, True)


def test_processors_and_memory_by_deployment_whatever_requests_are_told_by(asked: Asked) -> None:
    (blue,) = asked.online.store.get("w1", "support").deployments  # type: ignore[union-attr]
    begin = START_NS // (60 * SECOND) * 60 * SECOND

    def use(at_s: int, cpu_s: int, memory: int, deployment: str = blue.id) -> DeploymentUse:
        cpu_ns = cpu_s * SECOND
        return DeploymentUse(
            deployment_id=deployment, at_ns=begin + at_s * SECOND, lasted_ns=30 * SECOND, cpu_ns=cpu_ns, memory_bytes=memory
        )

    rows = [use(60, 15, 100), use(90, 45, 300), use(120, 0, 200), use(60, 30, 900, "another's"), use(6000, 30, 900)]
    SqlUsageStore(asked.online.engine).add(rows, forget_before_ns=0)
    (whole,) = asked.ask("status").usage
    assert (whole.time, whole.deployment, whole.cpu_cores, whole.memory_bytes, whole.memory_peak_bytes) == (None, "blue", 0.6667, 200, 300)
    series = asked.ask("none", grain="minute").usage
    assert [(row.time, row.cpu_cores, row.memory_bytes, row.memory_peak_bytes) for row in series] == [
        (to_rfc3339(begin + 60 * SECOND), 1.0, 200, 300),
        (to_rfc3339(begin + 120 * SECOND), 0.0, 200, 200),
    ]
    asked.online.store.delete_deployment(blue.id, None)
    kept = SqlUsageStore(asked.online.engine).read([blue.id, "another's"], 0, 2 * START_NS, None)
    assert [row.deployment_id for row in kept] == ["another's"], "what a deployment used goes with it"


def test_what_does_not_fit_is_refused(asked: Asked) -> None:
    with pytest.raises(EndpointUnknownError, match="no endpoint 'suport'"):
        asked.service.ask(asked.online.caller, "suport", by=("deployment",))
    with pytest.raises(InvalidInputError, match="not told by 'node'"):
        asked.ask("node")
    with pytest.raises(InvalidInputError, match="ends before it begins"):
        asked.ask(since=UNTIL, until=SINCE)
    assert asked.ask().figures == ()


def test_over_http_and_the_command_line(
    server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ws = Workspace(url=server.url, api_key=owner_key, workspace="default")
    ws.flows.create("answers", "python")
    ws.endpoints.create("support")
    ws.endpoints.deploy("support", DeploymentCreate(flow="answers"))
    found = ws.endpoints.metrics("support", by=("status", "deployment"), grain="hour", since="7d")
    assert (found.endpoint, found.grain, found.figures, [load.state for load in found.load]) == ("support", "hour", (), ["deploying"])
    with pytest.raises(RemoteError, match="no endpoint"):
        ws.endpoints.metrics("absent")
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)

    def run(*words: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["endpoint", "metrics", *words])
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out + captured.err

    code, out = run("support", "--grain", "hour", "--by", "status")
    assert (code, "blue: deploying, 0 of 0 replicas ready" in out, "No request came in this period." in out) == (0, True, True)
    assert run("support", "--grain", "houre")[0] == 2


def test_all_requests_are_told_together_where_no_group_is_asked_for(asked: Asked) -> None:
    asked.put(request(1, 10), request(2, 30, "green"), request(3, 50, status="error", error_type="500"))
    (alone,) = asked.ask("none").figures
    assert (alone.requests, alone.errors, alone.deployment) == (3, 1, None)
    assert len(asked.ask().figures) == 2
