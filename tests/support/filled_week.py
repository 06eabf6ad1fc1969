"""A week of an application elsewhere, which sends its traces by OTLP: conversations with models that cost something, some of which fail."""

import json
import random
import time
from typing import Any

_SECOND_NS = 10**9
_DAY_NS = 24 * 3600 * _SECOND_NS
_DAYS = 7
_ASKED = (
    ("Where is my order?", "It left us yesterday and will be with you tomorrow."),
    ("Can I change the address?", "Yes, until the parcel is with the courier."),
    ("Which tent is the lightest?", "The Fjell 1 weighs 980 grams."),
    ("Do you repair zips?", "Yes. A repair costs 25 euros and takes ten days."),
    ("My boots are too small.", "Send them back within thirty days; changing the size is free."),
    ("Is there a discount for members?", "Members get ten per cent off."),
)
_MODELS = (("gpt-4o-mini", 0.6), ("gpt-4o", 2.2))


def week(now_ns: int | None = None) -> dict[str, Any]:
    """Return an OTLP request in JSON with the spans of the last seven days up to `now_ns`; equal ones for equal times."""
    drawn, spans = random.Random(7), list[dict[str, Any]]()
    now = time.time_ns() if now_ns is None else now_ns
    for day in range(_DAYS):
        for conversation in range(9 + 2 * day + drawn.randrange(5)):
            began = now - (_DAYS - day) * _DAY_NS + drawn.randrange(_DAY_NS - 600 * _SECOND_NS)
            model, seconds = _MODELS[drawn.random() < 0.25]
            told = {"session.id": f"chat-{day}{conversation:02}", "user.id": f"customer-{drawn.randrange(14) + 1}"}
            for turn in range(1 + drawn.randrange(4)):
                spans += _turn(drawn, began + turn * 40 * _SECOND_NS, model, seconds * (1.6 if day == 3 else 1), told)
    return {"resourceSpans": [{"resource": _with({"service.name": "shop-chat"}), "scopeSpans": [{"spans": spans}]}]}


def _turn(drawn: random.Random, start: int, model: str, seconds: float, told: dict[str, str]) -> list[dict[str, Any]]:
    """Return the spans of one question: the application's, and the model call below it."""
    asked, answered = drawn.choice(_ASKED)
    trace, root = f"{drawn.getrandbits(128):032x}", f"{drawn.getrandbits(64):016x}"
    took, failed = int(seconds * drawn.lognormvariate(0, 0.45) * _SECOND_NS), drawn.random() < 0.04
    said = {} if failed else {"gen_ai.output.messages": json.dumps([{"role": "assistant", "content": answered}])}
    call = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 180 + drawn.randrange(900),
        "gen_ai.usage.output_tokens": 0 if failed else 20 + drawn.randrange(160),
        "gen_ai.input.messages": json.dumps([{"role": "user", "content": asked}]),
        **said,
    } | ({"error.type": "RateLimitError"} if failed else {})
    status = {"code": 2, "message": "429: too many requests, try again in 2 s"} if failed else {"code": 1}
    whole = told | {"input.value": asked, "output.value": "" if failed else answered, "openinference.span.kind": "CHAIN"}
    common = {"traceId": trace, "kind": 1, "status": status}
    return [
        common | {"spanId": root, "name": "answer customer", **_times(start, took + 30_000_000), **_with(whole)},
        common
        | {"spanId": f"{drawn.getrandbits(64):016x}", "parentSpanId": root, "name": f"chat {model}", "kind": 3}
        | _times(start + 20_000_000, took)
        | _with(told | call),
    ]


def _times(start: int, took: int) -> dict[str, str]:
    return {"startTimeUnixNano": str(start), "endTimeUnixNano": str(start + took)}


def _with(values: dict[str, Any]) -> dict[str, Any]:
    """Return attributes as OTLP writes them."""
    return {
        "attributes": [
            {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}}
            for key, value in values.items()
        ]
    }
