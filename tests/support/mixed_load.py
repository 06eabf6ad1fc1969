"""Callers of many kinds that ask all the time, and what came of each request.

A caller does what a stock client does: it keeps its connection. It tries nothing again, so that every request that is lost is seen.
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import urllib3


@dataclass
class Excused:
    """Moments that excuse something: the times of the kills, from a moment before until what was killed is back."""

    times: list[tuple[float, float]] = field(default_factory=list)

    def begin(self) -> None:
        self.times.append((time.monotonic(), float("inf")))

    def end(self) -> None:
        self.times[-1] = (self.times[-1][0], time.monotonic())

    def covers(self, begun: float, ended: float) -> bool:
        return any(begun <= until and ended >= since for since, until in self.times)


@dataclass
class Caller:
    """Asks again and again, `rate` times a second, in a thread.

    Attributes:
        name: in what is told.
        url: whole.
        body: of the request number n.
        check: says what is wrong with the answer to request number n.
        rate: requests a second.
        gateway_kills: when a connection may break.
        stream_cuts: when a stream may end with an error event.
    """

    name: str
    url: str
    headers: dict[str, str]
    body: Callable[[int], Any]
    check: Callable[[int, urllib3.BaseHTTPResponse], str | None]
    rate: float
    gateway_kills: Excused
    stream_cuts: Excused = field(default_factory=Excused)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def start(self, over: threading.Event) -> threading.Thread:
        thread = threading.Thread(target=self._run, args=(over,), name=self.name)
        thread.start()
        return thread

    def _run(self, over: threading.Event) -> None:
        with urllib3.connection_from_url(self.url) as pool:
            number, due = 0, time.monotonic()
            while not over.wait(max(0.0, due - time.monotonic())):
                due = max(due + 1 / self.rate, time.monotonic() - 1)
                number += 1
                self._ask(pool, number)

    def _ask(self, pool: urllib3.HTTPConnectionPool, number: int) -> None:
        begun = time.monotonic()
        try:
            answer = pool.request(
                "POST",
                urlsplit(self.url).path,
                body=json.dumps(self.body(number)),
                headers=self.headers,
                retries=False,
                timeout=30,
                redirect=False,
            )
            said = self.check(number, answer)
        except urllib3.exceptions.HTTPError as error:
            said = f"{type(error).__name__}: {error}"
            # A gateway that is killed takes the connections along that it held.
            if self.gateway_kills.covers(begun, time.monotonic()):
                self.counts["cut by the gateway's death"] += 1
                return
        if said == CUT and self.stream_cuts.covers(begun, time.monotonic()):
            self.counts["stream ended with an error event"] += 1
        elif said is not None:
            self.wrong.append(f"{self.name} {number}: {said}")
        else:
            self.counts["answered"] += 1


#: What a check says of a stream that ends with an error event.
CUT = "the stream ended with an error event"


def whole_stream(answer: urllib3.BaseHTTPResponse, last: str) -> str | None:
    """Check that a stream has come to its end, which is the line `last`, or says that it has not."""
    text = answer.data.decode()
    if answer.status != 200:
        return f"HTTP {answer.status}: {text[:300]}"
    if "event: error" in text or '"error"' in text:
        return CUT
    return None if last in text else f"cut silently after {text[-200:]!r}"
