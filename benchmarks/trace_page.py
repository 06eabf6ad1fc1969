"""What the studio's page of a trace of 30,000 spans costs in the browser: script time a frame while it is scrolled, zoomed and moved.

Processor time of the page's main thread (Chromium's own counters), on an installation with the built studio. The peer is the same page
of a trace of 300 spans, in the same browser.
"""

import gzip
import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import NEXT_FRAME, per_frame, script_s, studio_page
from benchmarks.harness import Figure
from benchmarks.installation import Installation, installation

MANY, FEW, AT_ONCE = 30_000, 300, 1000
STEP_NS = 10_000_000
TEXT = "The order came late, and the answer cites the seventh rule of the shop. " * 6


def spans_of(trace_id: str, count: int) -> Iterator[dict[str, Any]]:
    """Yield OTLP spans: an agent's steps of ten calls each, every third a model's with a prompt and an answer."""
    begin = time.time_ns() - count * STEP_NS
    step = root = f"{0xA0:016x}"
    for number in range(count):
        span_id = f"{0xA0 + number:016x}"
        if number % 10 == 1:
            step = span_id
        length = count if number == 0 else 10 if number % 10 == 1 else 1
        messages = [("gen_ai.input.messages", "user"), ("gen_ai.output.messages", "assistant")]
        attributes = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-4o-mini")]
        attributes += [(name, json.dumps([{"role": role, "parts": [{"type": "text", "content": TEXT}]}])) for name, role in messages]
        yield {
            "traceId": trace_id,
            "spanId": span_id,
            **({"parentSpanId": root if step == span_id else step} if number else {}),
            "name": f"step {number}",
            "startTimeUnixNano": str(begin + number * STEP_NS),
            "endTimeUnixNano": str(begin + (number + length) * STEP_NS),
            "attributes": [{"key": key, "value": {"stringValue": value}} for key, value in attributes] if number % 3 == 0 else [],
        }


def send(platform: Installation, trace_id: str, count: int) -> None:
    """Send a trace and wait until all of it is there."""
    headers = {"Authorization": f"Bearer {platform.api_key}", "Content-Type": "application/json", "Content-Encoding": "gzip"}
    spans = list(spans_of(trace_id, count))
    for at in range(0, count, AT_ONCE):
        body = {"resourceSpans": [{"scopeSpans": [{"spans": spans[at : at + AT_ONCE]}]}]}
        request = urllib.request.Request(f"http://{platform.address}/v1/traces", gzip.compress(json.dumps(body).encode()), headers)
        urllib.request.urlopen(request, timeout=60).close()
    path = f"/api/v1/workspaces/default/traces/{trace_id}"
    request = urllib.request.Request(f"http://{platform.address}{path}", headers={"Authorization": headers["Authorization"]})
    for _ in range(60):
        time.sleep(1)
        with urllib.request.urlopen(request, timeout=60) as answer:
            if json.load(answer)["trace"]["spans"] == count:
                return
    raise RuntimeError(f"the trace of {count} spans did not arrive")


def look(page: Page, session: CDPSession, address: str) -> dict[str, list[float]]:
    """Open a trace and return script times: until its rows are there, and a frame of each way to move."""
    # Going to another page begins the counters anew.
    page.goto(address)
    page.wait_for_selector("[role=treeitem]")
    page.evaluate(NEXT_FRAME)
    opened = script_s(session) * 1e3
    box = page.locator("[role=tree]").bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 200)

    def held(key: str, turn: Callable[[int], None]) -> list[float]:
        page.keyboard.down(key)
        found = per_frame(page, session, turn)
        page.keyboard.up(key)
        return found

    return {
        "until its rows are there": [opened],
        "a frame while scrolled": per_frame(page, session, lambda _: page.mouse.wheel(0, 300)),
        "a frame while zoomed": held("Control", lambda number: page.mouse.wheel(0, -30 if number % 40 < 25 else 40)),
        "a frame while moved": held("Shift", lambda _: page.mouse.wheel(0, 60)),
    }


def figures() -> Iterator[Figure]:
    """Measure both traces, and yield medians and the slowest twentieth."""
    many, few = "b" * 32, "a" * 32
    with installation() as platform:
        send(platform, few, FEW)
        send(platform, many, MANY)
        with studio_page(platform) as (page, session):
            base = f"http://{platform.address}/w/default/traces"
            look(page, session, f"{base}/{few}")
            peer, ours = look(page, session, f"{base}/{few}"), look(page, session, f"{base}/{many}")
    for what, values in ours.items():
        aim = "aim of the time: 8 ms" if "frame" in what else ""
        parts = (("median", 0.5), ("95th percentile", 0.95)) if "frame" in what else (("", 0.0),)
        for name, part in parts:
            at, other = values[int(len(values) * part)], peer[what][int(len(values) * part)]
            yield Figure(what=f"script {what} {name}".strip(), ours=at, unit="ms", peer_name=f"a trace of {FEW} spans", peer=other, aim=aim)
