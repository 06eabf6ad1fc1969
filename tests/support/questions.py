"""Every kind of question about telemetry that the API takes, asked of a control plane over a store that a test fills itself."""

import dataclasses
import io
import itertools
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from flowyard.foundation.clock import to_rfc3339
from flowyard.server.app import create_app
from flowyard.storage.sql.guards import SqlGuardStore
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.store import TelemetryStore
from flowyard.tracing.figures import FigureService
from flowyard.tracing.guarding import TraceGuards
from flowyard.tracing.model import SpanRecord
from flowyard.tracing.scores import ScoreService
from flowyard.tracing.service import TraceService
from flowyard.tracing.signals import LogRecord, MetricPoint, Score
from flowyard.tracing.spool import SpoolSink
from flowyard.tracing.sql import SqlService
from flowyard.wiring.server import TraceData
from support.spans import trace_id

Row = SpanRecord | LogRecord | MetricPoint | Score
EVERYTHING = " UNION ALL ".join(
    f"SELECT '{name}', to_json({name})::VARCHAR FROM {name}" for name in ("spans", "requests", "logs", "metrics", "scores")
)
#: Searches that look into texts, and find a trace whose texts say ``alpha`` and nothing of ``nowhere``, and whose score is 1.
INTO_TEXTS = ("alpha", "-nowhere", "kind:flow (alpha OR nowhere)", "attr.x:*alpha*", "score.good>=1")
_LISTS: tuple[dict[str, Any], ...] = (
    {},
    *({"order": order} for order in ("started:asc", "duration:desc", "cost:desc", "tokens:asc")),
    {"text": "alpha"},
    {"q": "alpha OR beta"},
    {"q": "model:m OR score.good>=0"},
    {"q": "-session:s tokens>=1"},
    {"q": "user:u cost>=0 attr.x>=0"},
    *({"q": about} for about in INTO_TEXTS),
    {"status": "error"},
    {"kind": "llm"},
    {"model": "m"},
    {"endpoint": "e"},
    {"flow": "f"},
    {"limit": 1},
)
_FIGURES: tuple[dict[str, Any], ...] = (
    {"of": "spans", "measure": ["count", "traces", "errors", "duration_p50", "duration_max"], "group_by": ["name", "kind", "status"]},
    {"of": "calls", "measure": ["tokens", "cost", "unpriced", "sessions", "users"], "group_by": ["model", "session", "user"]},
    {"of": "requests", "measure": ["count", "error_rate"], "group_by": ["score.good", "endpoint"], "q": "alpha OR model:m"},
    {"of": "requests", "measure": ["count"], "group_by": ["score.good"]},
    {"of": "spans", "measure": ["count"], "grain": "15m"},
    {"of": "spans", "measure": ["count"], "group_by": ["name"], "compare": True},
)


class TelemetryApp:
    """A control plane whose telemetry is in one store; `step` by `step` a test decides what is in the tail and what in segments."""

    def __init__(self, services: Any, store: TelemetryStore, spools: Path, guards: TraceGuards) -> None:
        self.store, self._spools = store, spools
        self._sink = SpoolSink(spools, "scores")
        self._names = itertools.count()
        queries = store.queries
        traces = TraceService(queries, guards)
        found = dataclasses.replace(
            services,
            traces=traces,
            figures=FigureService(queries, guards),
            sql=SqlService(queries, guards),
            scores=(scores := ScoreService(self._sink, queries, guards)),
            trace_data=TraceData(services.data, traces, scores),
            telemetry=dataclasses.replace(services.telemetry, queries=queries),
        )
        self.client = TestClient(create_app(found), base_url="http://flowyard.test")

    @classmethod
    @contextmanager
    def over(cls, services: Any, engine: Engine, spools: Path, files: SegmentFiles) -> Iterator["TelemetryApp"]:
        """Yield one over segments and a database."""
        app = cls(services, TelemetryStore(engine, spools, files), spools, TraceGuards(SqlGuardStore(engine), services.access))
        try:
            yield app
        finally:
            app.client.close()
            app._sink.close()
            app.store.queries.close()

    def put(self, rows: Iterable[Row], *, roll: bool = False) -> None:
        """Take rows in, and make segments of all there is when told to."""
        sink = SpoolSink(self._spools, "rows")
        for row in rows:
            match row:
                case SpanRecord():
                    sink.emit(row)
                case LogRecord():
                    sink.emit_log(row)
                case MetricPoint():
                    sink.emit_metric(row)
                case Score():
                    sink.emit_score(row)
        sink.close()
        self.store.indexer.step()
        if roll:
            self.store.indexer.roll()

    def ask(self, workspace: str, key: str, *, traces: Iterable[int], period: tuple[int, int], name: str) -> dict[str, Any]:
        """Return the answer to each question by whoever holds `key`, about traces of these numbers within a period of nanoseconds.

        A version of a data set is made for one of them; `name` is its own.
        """
        base, headers = f"/api/v1/workspaces/{workspace}", {"Authorization": f"Bearer {key}"}
        since, until = map(to_rfc3339, period)
        within = {"since": since, "until": until}

        def get(path: str, params: dict[str, Any] | None = None) -> Any:
            return self.client.get(f"{base}/{path}", params=params, headers=headers)

        found: dict[str, Any] = {}
        for params in _LISTS:
            found[f"traces {params}"] = get("traces", {**within, **params}).json()
        found["next page"] = get("traces", {**within, "limit": 1, "cursor": found["traces {'limit': 1}"]["next_cursor"] or "0"}).json()
        for number in traces:
            # A problem's own id is another each time.
            found[f"trace {number}"] = {
                name: value for name, value in get(f"traces/{trace_id(number)}").json().items() if name != "instance"
            }
            value = get(f"traces/{trace_id(number)}/spans/{1:016x}/value", {"name": "flowyard.input"})
            found[f"value {number}"] = value.text if value.status_code == 200 else value.status_code
            found[f"scores {number}"] = get("scores", {"trace_id": trace_id(number)}).json()
            exported = get("traces/export", {"trace_id": trace_id(number)})
            found[f"export {number}"] = exported.text if exported.status_code == 200 else exported.status_code
        found["export"] = [json.loads(line) for line in get("traces/export", within).text.splitlines()]
        parquet = get("traces/export", {**within, "format": "parquet"}).content
        found["export as Parquet"] = pyarrow.parquet.read_table(io.BytesIO(parquet)).to_pylist()
        for params in _FIGURES:
            found[f"figures {params}"] = get("telemetry/figures", {**within, **params}).json()
        for path in ("telemetry/sessions", "telemetry/users"):
            found[path] = get(path, within).json()
        found["overview"] = get("overview").json()
        sql = self.client.post(f"{base}/logs/query", json={"query": EVERYTHING, "timeout_s": 280, **within}, headers=headers).json()
        found["sql"] = sorted(sql["rows"])
        for form in ("csv", "parquet"):
            asked = {"query": EVERYTHING, "timeout_s": 280, **within}
            file = self.client.post(f"{base}/logs/export", json=asked, params={"format": form}, headers=headers).content
            rows = file.decode().splitlines() if form == "csv" else pyarrow.parquet.read_table(io.BytesIO(file)).to_pylist()
            found[f"sql as {form}"] = sorted(rows, key=str)
        found["data"] = self._data(base, headers, {"name": name, **within})
        return found

    def _data(self, base: str, headers: dict[str, str], chosen: dict[str, str]) -> Any:
        made = self.client.post(f"{base}/data/from-traces", json=chosen, headers=headers)
        if made.status_code != 201:
            return made.json()["title"]
        preview = self.client.get(f"{base}/data/{chosen['name']}/versions/{made.json()['version']}/preview", headers=headers).json()
        return {key: value for key, value in preview.items() if key != "elapsed_ms"}
