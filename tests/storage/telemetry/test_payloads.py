"""Large values beside their segment: what opens a trace has all of them, what lists and searches has their beginnings."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from flowyard.data.traces import trace_row
from flowyard.endpoints.collecting.ports import Wanted
from flowyard.flows.collecting.keeper import COLLECTED
from flowyard.foundation.clock import now_ns
from flowyard.identity.model import Caller
from flowyard.storage.telemetry.collected import StoredCollected
from flowyard.storage.telemetry.compaction import DAY_NS, Upkeep
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.model import PAYLOADS_SUFFIX
from flowyard.storage.telemetry.payloads import told
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.storage.telemetry.segments import read_segment
from flowyard.storage.telemetry.verifying import verify_segments
from flowyard.tracing.beginnings import APART, BEGINNING_BYTES, BODY, LARGE_BYTES
from flowyard.tracing.errors import TraceNotFoundError, ValueNotFoundError
from flowyard.tracing.export import export_traces
from flowyard.tracing.model import SpanEvent
from flowyard.tracing.policy import PolicyRecord
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.service import TraceService
from flowyard.tracing.signals import LogRecord
from flowyard.tracing.spool import SpoolSink
from flowyard.wire.telemetry_policy import RetentionDays
from flowyard.wire.traces import LargeValue
from support.guards import Withholding
from support.spans import make_span, spool, trace_id

#: Not to be packed to less than the names of files, and more than stays with the row.
LONG = " ".join(f"w{number * 7919 % 65537:05x}" for number in range(8000))
CALLER = Caller("w1", "w1", "olga", "user", "owner", "", "u1")
MESSAGES = [{"role": "system", "content": LONG}, {"role": "user", "content": "where is my parcel?"}]


class Opened:
    def __init__(self, folder: Path, engine: Engine) -> None:
        self.folder, self.spools = folder / "segments", folder / "spools"
        self.files = SegmentFiles(self.folder)
        self.indexer = Indexer(engine, self.spools, self.files, default_workspace="w1")
        self.queries = DuckQueries(self.indexer.manifest, self.indexer.tail, self.files)

    def take(self, trace: int, *attributes: dict[str, Any], workspace: str = "w1", roll: bool = True) -> None:
        """Index a trace of a workspace with a span for each of `attributes`, as a segment."""
        spans = [make_span(trace, place, kind="llm", attributes=each, workspace_id=workspace) for place, each in enumerate(attributes, 1)]
        spool(self.spools, spans, name=f"t{trace}{workspace}")
        self.indexer.step()
        if roll:
            self.indexer.roll()

    def whole(self, trace: int, workspace: str = "w1") -> list[dict[str, Any]]:
        found = [span.attributes for span in self.queries.get_trace(workspace, trace_id(trace))]
        several = self.queries.get_traces(workspace, [trace_id(trace)]).get(trace_id(trace), [])
        assert [span.attributes for span in several] == found
        return found

    def stored(self) -> list[dict[str, Any]]:
        """What stands in the rows of the segments."""
        tables = [read_segment(self.files, segment) for segment in self.indexer.manifest.all_segments()]
        return [json.loads(text) for table in tables for text in table["attributes"].to_pylist() if text]

    def packs(self) -> list[Path]:
        return sorted(self.folder.rglob(f"*{PAYLOADS_SUFFIX}"))

    def upkeep(self, **more: Any) -> Upkeep:
        return Upkeep(self.indexer.manifest, self.files, grace_s=-1, **more)

    def findings(self, workspace: str = "w1") -> list[tuple[str, str]]:
        found = verify_segments(self.indexer.manifest, self.files, workspace, grace_s=-1).findings
        return [(one.trouble, one.path) for one in found]


@pytest.fixture
def opened(tmp_path: Path, sqlite: Engine) -> Iterator[Opened]:
    place = Opened(tmp_path, sqlite)
    yield place
    place.queries.close()


def test_a_trace_that_is_opened_has_the_whole_and_its_row_the_beginning_in_the_same_form(opened: Opened) -> None:
    given = {"gen_ai.input.messages": MESSAGES, "flowyard.output": {"answer": LONG}, "custom": LONG, "http.route": "/ask"}
    opened.take(1, given)
    assert opened.whole(1) == [given]
    (row,) = opened.stored()
    assert set(row.pop(APART)) == {"gen_ai.input.messages", "flowyard.output", "custom"}
    assert row["http.route"] == "/ask"
    assert row["custom"] == LONG[:4000] + "…"
    assert row["flowyard.output"] == {"answer": LONG[:4000] + "…"}
    assert row["gen_ai.input.messages"] == [{"role": "system", "content": LONG[:4000] + "…"}, MESSAGES[1]]
    assert len(opened.packs()) == 1
    assert opened.packs()[0].stat().st_mode & 0o777 == 0o600


def test_what_is_not_large_stays_where_it_was_and_has_no_file(opened: Opened) -> None:
    # The quotes count too.
    opened.take(1, {"flowyard.input": "x" * (LARGE_BYTES - 2), "flowyard.output": "y" * (LARGE_BYTES - 2)})
    assert [len(row["flowyard.input"]) for row in opened.stored()] == [LARGE_BYTES - 2]
    assert opened.packs() == []
    opened.take(2, {"flowyard.input": "x" * (LARGE_BYTES - 1)})
    assert len(opened.packs()) == 1


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ([{"role": "user", "content": f"{number} {LONG[:900]}"} for number in range(150)], lambda row: len(row) == 20),
        ([{"role": "user", "content": f"{number} {LONG[:9000]}"} for number in range(7)], lambda row: len(row) == 7),
        (list(range(100_000)), lambda row: row[0] == 0 and row[-1] == 99_999 and len(row) < 1100),
        ({f"n{number}": LONG[:9000] for number in range(100)}, lambda row: next(iter(row)) == "n0"),
        ([[[LONG[:300]] * 20] * 20] * 10, lambda row: isinstance(row, str) and len(row) < BEGINNING_BYTES),
        ("é€𝄞" * 20_000, lambda row: row == ("é€𝄞" * 20_000)[:1000] + "…"),
    ],
)
def test_a_beginning_is_short_whatever_is_large(opened: Opened, value: Any, kept: Any) -> None:
    opened.take(1, {"flowyard.input": value})
    (row,) = opened.stored()
    assert len(json.dumps(row, ensure_ascii=False).encode()) <= BEGINNING_BYTES + 1000
    assert kept(row["flowyard.input"])
    assert opened.whole(1) == [{"flowyard.input": value}]


def test_lists_show_the_last_message_and_searches_find_the_beginning(opened: Opened) -> None:
    opened.take(1, {"gen_ai.input.messages": MESSAGES})
    (listed,) = opened.queries.list_traces("w1", TraceFilter(text="parcel"))
    assert listed.root.attributes["gen_ai.input.messages"][-1] == MESSAGES[-1]
    assert len(opened.queries.list_traces("w1", TraceFilter(text=LONG[:13]))) == 1
    assert opened.queries.list_traces("w1", TraceFilter(text=LONG[-13:])) == []


def test_the_page_of_a_trace_its_export_and_a_data_set_have_the_whole(opened: Opened) -> None:
    attributes = {"flowyard.input": {"question": LONG}, "flowyard.output": {"answer": LONG + "!"}}
    opened.take(1, attributes)
    service = TraceService(opened.queries, Withholding())
    (span,) = service.get(CALLER, trace_id(1)).spans
    assert span.attributes == attributes
    (line,) = b"".join(export_traces(service.whole(CALLER, TraceFilter()), "jsonl")).splitlines()
    assert json.loads(line)["spans"][0]["attributes"] == attributes
    row = trace_row(opened.queries.get_traces("w1", [trace_id(1)])[trace_id(1)], (), "columns")
    assert row is not None
    assert (row["question"], row["output"]) == (LONG, LONG + "!")


def test_equal_values_of_a_segment_stand_in_it_once_and_after_a_merge_those_of_all(opened: Opened) -> None:
    def values() -> int:
        return sum(verify_pack(path) for path in opened.packs())

    opened.take(1, {"flowyard.input": LONG}, {"gen_ai.input.messages": LONG}, {"flowyard.input": LONG, "flowyard.output": LONG + "!"})
    assert values() == 2
    opened.take(2, {"flowyard.input": LONG})
    assert values() == 3
    before = [opened.whole(1), opened.whole(2)]
    assert opened.upkeep().compact(now_ns()) == 1
    opened.upkeep().clear()
    assert len(opened.packs()) == 1
    assert values() == 2
    assert [opened.whole(1), opened.whole(2)] == before
    assert opened.findings() == []


def verify_pack(path: Path) -> int:
    """How many values a file has; any tool that reads Parquet reads it."""
    import pyarrow.parquet

    parquet: Any = pyarrow.parquet
    return parquet.read_metadata(path).num_rows


def test_each_workspace_has_its_own_and_one_s_retention_takes_none_of_another_s(opened: Opened) -> None:
    opened.take(1, {"flowyard.input": LONG})
    opened.take(1, {"flowyard.input": LONG}, workspace="w2")
    assert [path.relative_to(opened.folder).parts[1] for path in opened.packs()] == ["w1", "w2"]
    # Another's digest opens nothing.
    digest = next(iter(opened.stored()))[APART]["flowyard.input"]
    opened.take(2, {APART: {"flowyard.input": digest}}, workspace="w3")
    assert opened.whole(2, "w3") == [{APART: {"flowyard.input": digest}}]
    days = {"w1": PolicyRecord(retention_days=RetentionDays(spans=1)), "w2": PolicyRecord(retention_days=RetentionDays(spans=None))}
    upkeep = opened.upkeep(policies=lambda: days)
    assert upkeep.expire(now_ns() + 2 * DAY_NS) == 1
    upkeep.clear()
    assert [path.relative_to(opened.folder).parts[1] for path in opened.packs()] == ["w2"]
    assert opened.whole(1) == []
    assert opened.whole(1, "w2") == [{"flowyard.input": LONG}]
    assert [opened.findings(name) for name in ("w1", "w2")] == [[], []]


def test_a_file_that_is_gone_is_named_and_all_else_answers(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    opened.take(1, {"flowyard.input": LONG, "flowyard.output": "short"})
    opened.take(2, {"flowyard.input": LONG + "!"})
    lost = opened.packs()[0]
    lost.unlink()
    assert opened.findings() == [("missing", lost.relative_to(opened.folder).as_posix())]
    with caplog.at_level(logging.ERROR):
        (found,) = opened.whole(1)
    assert found["flowyard.input"] == LONG[:4000] + "…"
    assert found["flowyard.output"] == "short"
    assert list(found[APART]) == ["flowyard.input"]
    assert f"Of span {1:016x} of trace {trace_id(1)} only the beginning is left of: flowyard.input" in caplog.text
    assert opened.whole(2) == [{"flowyard.input": LONG + "!"}]
    # What is left is not put together without it: the file may come back.
    assert opened.upkeep().compact(now_ns()) == 0


@pytest.mark.parametrize("where", [4, -20, 0.5])
def test_one_changed_byte_is_found_and_never_shown(opened: Opened, where: float) -> None:
    opened.take(1, {"flowyard.input": LONG})
    opened.take(2, {"flowyard.input": LONG + "!"})
    path = opened.packs()[0]
    content = bytearray(path.read_bytes())
    content[int(where * len(content)) if where == 0.5 else int(where)] ^= 1
    path.write_bytes(content)
    assert opened.findings() == [("damaged", path.relative_to(opened.folder).as_posix())]
    (found,) = opened.whole(1)
    assert found["flowyard.input"] in {LONG, LONG[:4000] + "…"}
    assert opened.upkeep().compact(now_ns()) == 0
    assert len(opened.whole(2)) == 1


def test_a_sender_s_own_attribute_of_that_name_costs_nothing(opened: Opened) -> None:
    odd: list[Any] = ["x", 3, None, ["a"], {"flowyard.input": 7}, {"n" * 40_000: "x"}]
    opened.take(1, *({APART: value, "flowyard.input": LONG} for value in odd))
    assert [each["flowyard.input"] for each in opened.whole(1)] == [LONG] * len(odd)


def test_rows_of_an_earlier_version_are_set_apart_when_they_are_put_together(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("flowyard.storage.telemetry.payloads.LARGE_BYTES", 1 << 40)
        opened.take(1, {"flowyard.input": LONG})
        opened.take(2, {"flowyard.input": LONG})
    assert opened.packs() == []
    assert opened.whole(1) == [{"flowyard.input": LONG}]
    assert opened.upkeep().compact(now_ns()) == 1
    opened.upkeep().clear()
    assert len(opened.packs()) == 1
    assert [opened.whole(1), opened.whole(2)] == [[{"flowyard.input": LONG}]] * 2


def test_a_disk_that_refuses_leaves_no_half_and_the_rows_wait(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    opened.take(1, {"flowyard.input": LONG}, roll=False)
    with monkeypatch.context() as disk:
        disk.setattr("flowyard.storage.telemetry.segments.write_digest", full)
        with pytest.raises(OSError, match="No space"):
            opened.indexer.roll()
    assert [path for path in opened.folder.rglob("*") if path.is_file()] == []
    opened.indexer.roll()
    assert opened.whole(1) == [{"flowyard.input": LONG}]


@pytest.mark.parametrize("value", [b"", b"[]", b'{"count":"x"}', b"\xff"])
def test_a_footer_that_is_not_what_was_written_is_a_damaged_file(value: bytes) -> None:
    with pytest.raises(ValueError, match="footer"):
        told({b"flowyard.payloads": value})


def test_what_is_large_in_an_event_stands_apart_too_and_its_other_values_stay(opened: Opened) -> None:
    happened = [
        SpanEvent("prompt", 7, {"text": LONG, "role": "user"}),
        SpanEvent("done", 9),
        SpanEvent("answer", 8, {"text": LONG, "n": 1}),
    ]
    spool(opened.spools, [make_span(1, 1, kind="llm", events=happened), make_span(1, 2, events=[SpanEvent("small", 1, {"a": "b"})])])
    opened.indexer.step()
    opened.indexer.roll()
    tables = [read_segment(opened.files, segment) for segment in opened.indexer.manifest.all_segments()]
    (row, other) = (json.loads(text) for table in tables for text in table["events"].to_pylist() if text)
    assert [(event["name"], event["at_ns"], list(event["attributes"])) for event in row] == [
        ("prompt", 7, ["text", "role", APART]),
        ("done", 9, []),
        ("answer", 8, ["text", "n", APART]),
    ]
    assert row[0]["attributes"]["text"] == LONG[:4000] + "…"
    assert other == [{"name": "small", "at_ns": 1, "attributes": {"a": "b"}}]
    assert [verify_pack(path) for path in opened.packs()] == [1]
    assert [span.events for span in opened.queries.get_trace("w1", trace_id(1))] == [happened, [SpanEvent("small", 1, {"a": "b"})]]
    opened.packs()[0].unlink()
    lost = opened.queries.get_trace("w1", trace_id(1))[0].events[0].attributes
    assert (lost["text"], list(lost[APART])) == (LONG[:4000] + "…", ["text"])


def test_a_large_body_of_a_log_record_stands_apart_and_who_reads_collected_rows_has_the_whole(opened: Opened) -> None:
    def log(number: int, body: str, **attributes: Any) -> LogRecord:
        return LogRecord(
            log_id=f"l{number}", at_ns=number, workspace_id="w1", body=body, event=COLLECTED, service="support/blue", attributes=attributes
        )

    given = [log(1, LONG, a=1), log(2, "short", text=LONG), log(3, "short"), log(4, LONG + '"\n', text=LONG)]
    for name, some in (("one", given[:2]), ("two", given[2:])):
        sink = SpoolSink(opened.spools, name)
        for record in some:
            sink.emit_log(record)
        sink.flush()
        sink.close()
        opened.indexer.step()
        opened.indexer.roll()
    found = StoredCollected(opened.indexer.manifest, opened.indexer.tail, opened.files)
    wanted = Wanted(endpoint="support")
    segments = opened.indexer.manifest.all_segments()
    rows = {row["log_id"]: row for segment in segments for row in read_segment(opened.files, segment).to_pylist()}
    assert rows["l1"]["body"] == LONG[:4000] + "…"
    assert set(json.loads(rows["l4"]["attributes"])[APART]) == {BODY, "text"}
    assert (rows["l3"]["body"], rows["l3"]["attributes"]) == ("short", "")
    assert list(found.collected("w1", wanted)) == given
    assert opened.upkeep().compact(1 << 62) == 1
    opened.upkeep().clear()
    assert [verify_pack(path) for path in opened.packs()] == [2]
    assert list(found.collected("w1", wanted)) == given
    assert opened.findings() == []
    opened.packs()[0].unlink()
    assert next(found.collected("w1", wanted)).body == LONG[:4000] + "…"


@pytest.mark.parametrize("rolled", [False, True], ids=["in the tail", "in a segment"])
def test_a_trace_with_beginnings_says_which_and_each_value_is_there_for_the_asking(opened: Opened, rolled: bool) -> None:
    happened = [SpanEvent("first", 1), SpanEvent("prompt", 7, {"text": LONG})]
    attributes: dict[str, Any] = {"flowyard.input": {"question": LONG}, "short": "x"}
    spool(opened.spools, [make_span(1, 1, attributes=attributes, events=happened), make_span(1, 2, attributes={"short": "y"})])
    opened.indexer.step()
    if rolled:
        opened.indexer.roll()
    service = TraceService(opened.queries, Withholding())
    span, other = service.get(CALLER, trace_id(1), values="beginnings").spans
    assert span.attributes == {"flowyard.input": {"question": LONG[:4000] + "…"}, "short": "x"}
    assert span.events[1].attributes == {"text": LONG[:4000] + "…"}
    assert span.large == (
        LargeValue(name="flowyard.input", bytes=len(LONG) + len('{"question":""}')),
        LargeValue(name="text", bytes=len(LONG) + 2, event=1),
    )
    assert (other.attributes, other.large) == ({"short": "y"}, ())
    assert service.value(CALLER, trace_id(1), span.span_id, "flowyard.input") == {"question": LONG}
    assert service.value(CALLER, trace_id(1), span.span_id, "text", event=1) == LONG
    whole = service.get(CALLER, trace_id(1)).spans[0]
    assert (whole.attributes, whole.large) == (attributes, ())
    for span_id, name, event in ((span.span_id, "none", None), (span.span_id, "text", 2), ("f" * 16, "short", None)):
        with pytest.raises(ValueNotFoundError, match=f"no whole value of '{name}' in .*span '{span_id}'"):
            service.value(CALLER, trace_id(1), span_id, name, event=event)
    with pytest.raises(TraceNotFoundError):
        service.value(CALLER, trace_id(2), span.span_id, "short")


def test_a_value_of_which_the_whole_is_lost_is_named_so(opened: Opened) -> None:
    opened.take(1, {"flowyard.input": LONG})
    opened.packs()[0].unlink()
    service = TraceService(opened.queries, Withholding())
    (span,) = service.get(CALLER, trace_id(1)).spans
    assert (span.attributes, span.large) == (
        {"flowyard.input": LONG[:4000] + "…"},
        (LargeValue(name="flowyard.input", bytes=len(LONG) + 2),),
    )
    with pytest.raises(ValueNotFoundError, match="no whole value"):
        service.value(CALLER, trace_id(1), span.span_id, "flowyard.input")


def test_what_an_earlier_version_set_apart_is_found_by_its_digest_alone(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("flowyard.tracing.beginnings.Reference", lambda sha256, *_: sha256)
        opened.take(1, {"flowyard.input": LONG})
    assert isinstance(opened.stored()[0][APART]["flowyard.input"], str)
    assert opened.whole(1) == [{"flowyard.input": LONG}]
    (span,) = TraceService(opened.queries, Withholding()).get(CALLER, trace_id(1), values="beginnings").spans
    assert span.large == (LargeValue(name="flowyard.input", bytes=None),)
