"""Streamed answers: cut into events however they come, and what they say gathered whenever it is read."""

import json
from typing import Any

import pytest

from flowyard.endpoints.gateway.capture import Capture
from flowyard.endpoints.gateway.sse import EventCutter, encode

EVENTS = [b'data: {"a": 1}\n\n', b": a comment\n\n", b"data: [DONE]\n\n"]


@pytest.mark.parametrize("border", [b"\n\n", b"\r\n\r\n"])
def test_events_are_the_same_whatever_pieces_they_come_in(border: bytes) -> None:
    events = [event.removesuffix(b"\n\n") + border for event in EVENTS]
    stream = b"".join(events) + b"data: not en"
    for size in range(1, len(stream) + 1):
        cutter = EventCutter()
        found = [event for at in range(0, len(stream), size) for event in cutter.feed(stream[at : at + size])]
        assert b"".join(found) + cutter.rest() == stream
        if border == b"\n\n":
            assert found == events, size


def chunk(**fields: Any) -> bytes:
    return encode(json.dumps({"id": "c", "model": "m", "choices": [], **fields}).encode())


def said(text: str, **fields: Any) -> bytes:
    return chunk(choices=[{"index": 0, "delta": {"content": text}, "finish_reason": None}], **fields)


USAGE = {"prompt_tokens": 3, "completion_tokens": 200, "total_tokens": 203}
STOP = chunk(choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])


@pytest.mark.parametrize("words", [1, 63, 64, 65, 200])
def test_all_that_a_stream_says_is_gathered(words: int) -> None:
    capture = Capture()
    events = [said(f"{number} ", usage=None) for number in range(words)]
    assert [capture.event(event) for event in (*events, STOP)] == [False] * (words + 1)
    assert capture.event(chunk(usage=USAGE)), "the usage and nothing else"
    assert not capture.event(encode(b"[DONE]"))
    assert (capture.cut, capture.ended) == (False, True)
    (message,) = capture.messages()
    assert message["parts"] == [{"type": "text", "content": "".join(f"{number} " for number in range(words))}]
    assert message["finish_reason"] == "stop"
    assert capture.usage is not None
    assert capture.usage.completion == 200


def test_a_stream_that_stops_within_its_answer_is_cut() -> None:
    capture = Capture()
    for event in (said("half"), said(" an answer")):
        capture.event(event)
    assert capture.cut
    capture.event(STOP)
    assert not capture.cut, "what has finished is whole, also without an end mark"
