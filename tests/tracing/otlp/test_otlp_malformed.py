"""OTLP that is damaged, nonsense or made to hurt: refused with a reason, nothing of it kept, and memory stays within bounds."""

import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.tracing.frames import read_frames
from flowyard.tracing.otlp.decode import SERVICES, decode_otlp
from flowyard.tracing.otlp.wire import parts
from support.collector_asgi import CollectorApp
from support.otlp import request
from support.spans import START_NS

TESTS = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("FLOWYARD_FUZZ_EXAMPLES", "80"))
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=EXAMPLES)
#: What stock exporters send again. All else they drop (OTLP specification, failures).
RETRIED = {408, 429, 502, 503, 504}
WHOLE: bytes = request(
    {
        "id": 1,
        "attributes": {"text": "hello", "count": 3, "list": ["a", "b"], "yes": True},
        "error": "broke",
        "events": [("e", START_NS, {"k": 1})],
    },
    {"id": 2, "parent": 1, "attributes": {"gen_ai.operation.name": "chat"}},
).SerializeToString()
SPAN = {
    "traceId": "0" * 31 + "1", "spanId": "0" * 15 + "1", "name": "s", "startTimeUnixNano": str(START_NS), "endTimeUnixNano": str(START_NS),
    "attributes": [{"key": "k", "value": {"arrayValue": {"values": [{"intValue": "1"}, {"doubleValue": 0.5}]}}}],
}  # fmt: skip
NAMES = st.sampled_from(sorted(SERVICES))


@pytest.fixture
def collector(tmp_path: Path) -> Iterator[CollectorApp]:
    opened = CollectorApp(tmp_path / "spools")
    yield opened
    opened.close()


def kept(folder: Path) -> list[Any]:
    """Return the frames of requests that were kept."""
    kinds = {kind for kind, *_ in SERVICES.values()}
    return [frame for path in folder.rglob("*.spool") for frame in read_frames(path, 0) if frame.kind in kinds]


def check(collector: CollectorApp, folder: Path, name: str, *body: bytes, **headers: str) -> int:
    """Send it: it is taken, and then the indexer can read it, or refused with a reason that is not tried again, and not kept."""
    before = len(kept(folder))
    status, answer = collector.post(name, *body, **headers)
    after = kept(folder)
    if status == 200:
        assert len(after) == before + 1
        decode_otlp(after[-1].kind, after[-1].payload, "w1", None)
        return status
    assert 400 <= status < 500
    assert status not in RETRIED
    told = json.loads(answer)["message"] if "json" in headers.get("content_type", "") else answer[2:].decode(errors="strict")
    assert len(told) > 20
    assert len(after) == before
    return status


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A request with bytes changed, cut out, put in, or cut off."""
    body = bytearray(WHOLE)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(body) - 1)))
        match draw(st.sampled_from(["change", "cut", "put", "end"])):
            case "change":
                body[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del body[at : at + draw(st.integers(1, 20))]
            case "put":
                body[at:at] = draw(st.binary(min_size=1, max_size=12))
            case _:
                del body[at:]
    return bytes(body)


@FUZZ
@given(name=NAMES, body=damaged() | st.binary(max_size=300))
def test_damaged_protobuf(collector: CollectorApp, tmp_path: Path, name: str, body: bytes) -> None:
    check(collector, tmp_path / "spools", name, body)


@FUZZ
@given(at=st.integers(1, len(WHOLE) - 1))
def test_what_is_cut_off_is_refused_unless_it_ends_between_fields(collector: CollectorApp, tmp_path: Path, at: int) -> None:
    cut = WHOLE[:at]
    assert check(collector, tmp_path / "spools", "traces", cut) == 400


_KEYS = st.sampled_from([*SPAN, "resourceSpans", "scopeSpans", "spans", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=12,
)


@st.composite
def misshapen(draw: st.DrawFn) -> Any:
    """A request in JSON of which some part is another than it has to be."""
    span: Any = {**SPAN, **draw(st.dictionaries(st.sampled_from([*SPAN, "status", "events", "kind"]), JSON, max_size=2))}
    spans: Any = draw(st.just([span]) | JSON)
    scopes: Any = draw(st.just([{"spans": spans}]) | JSON)
    return draw(st.just({"resourceSpans": [{"scopeSpans": scopes}]}) | JSON)


@FUZZ
@given(name=NAMES, value=misshapen())
def test_json_of_wrong_shapes(collector: CollectorApp, tmp_path: Path, name: str, value: Any) -> None:
    check(collector, tmp_path / "spools", name, json.dumps(value).encode(), content_type="application/json")


@FUZZ
@given(text=st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_json_that_is_none(collector: CollectorApp, tmp_path: Path, text: bytes) -> None:
    check(collector, tmp_path / "spools", "traces", text, content_type="application/json")


@FUZZ
@given(data=st.data(), encoding=st.sampled_from(["gzip", "deflate"]))
def test_damaged_compression(collector: CollectorApp, tmp_path: Path, data: st.DataObject, encoding: str) -> None:
    packed = bytearray(gzip.compress(WHOLE) if encoding == "gzip" else zlib.compress(WHOLE))
    at = data.draw(st.integers(0, len(packed) - 1))
    if data.draw(st.booleans()):
        del packed[at:]
    else:
        packed[at] ^= data.draw(st.integers(1, 255))
    check(collector, tmp_path / "spools", "traces", bytes(packed), content_encoding=encoding)


def nested(levels: int) -> str:
    return '{"a":' + "[" * levels + "]" * levels + "}"


ODD = {
    "deep": nested(100),
    "very deep": nested(100_000),
    "no number": '{"a":1e999}',
    "deep spans": '{"resourceSpans":' + "[" * 500 + "]" * 500 + "}",
    "half a letter": '{"a":"\\ud800"}',
    "byte order mark": "\ufeff{}",
    "two": "{}{}",
    "a list": "[]",
    "a number": "1",
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
def test_odd_json(collector: CollectorApp, tmp_path: Path, body: str) -> None:
    check(collector, tmp_path / "spools", "traces", body.encode(), content_type="application/json")


def test_every_level_of_a_good_request_is_read(collector: CollectorApp, tmp_path: Path) -> None:
    assert check(collector, tmp_path / "spools", "traces", WHOLE) == 200
    whole = json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": [SPAN]}]}]}).encode()
    assert check(collector, tmp_path / "spools", "traces", whole[:20], whole[20:], content_type="application/json") == 200
    assert len(list(parts(WHOLE, 0, len(WHOLE)))) == 1


@pytest.mark.integration
def test_requests_that_are_made_to_eat_memory_do_not(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    command = [sys.executable, "-m", "support.collector_bombs", str(tmp_path / "spools")]
    done = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True, text=True, timeout=300)
    told = json.loads(done.stdout)
    assert {name: one["statuses"] for name, one in told.items()} == {
        "gzip of zeros": [400],
        "gzip of gzips": [400],
        "empty spans": [400],
        "empty resources": [400],
        "empty spans in JSON": [400],
        "empty lists in JSON": [400],
        "empty attributes": [200],
        "large ones at once": [200, 429],
    }
    assert max(one["grown_mib"] for one in told.values()) < 900, told
