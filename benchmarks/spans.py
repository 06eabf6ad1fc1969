"""Spans of model calls as an application sends them: prompts of 500 characters, of words, dates, amounts and numbers of orders."""

import json
import random
import time
from typing import Any

BATCH = 100
#: One prompt in so many names somebody or something that a rule of redaction finds.
PERSONAL = 50

_TEXT = (
    "the customer asks where parcel is and whether it can be sent to another address we offer refund for order placed on "
    "monday please summarise following support conversation in three sentences keep tone polite mention next step include "
    "reference number if given answer only from context documents describe how battery replaced device warranty covers two "
    "years after purchase shipping takes five days invoice total amounts payment was received model should return json object "
    "with fields title body category do not invent facts user wrote that screen flickers when temperature drops below ten "
    "degrees token budget key points secret ingredient basic phone call version"
)
_WORDS = _TEXT.split()
_FOUND = ("alice.smith@example.com", "+49 30 901820", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "10.1.2.3", "078-05-1120")


def prompts(count: int) -> list[str]:
    """Return prompts, always the same ones, each different."""
    made = random.Random(1)
    return [_prompt(made, number) for number in range(count)]


def _prompt(made: random.Random, number: int) -> str:
    words: list[str] = []
    length = 0
    while length < 480:
        match made.randrange(40):
            case 0:
                words.append(f"order {made.randrange(10**7, 10**8)}")
            case 1:
                words.append(f"2026-{made.randint(1, 12):02d}-{made.randint(1, 28):02d} at {made.randint(0, 23)}:{made.randint(10, 59)}")
            case 2:
                words.append(f"{made.randint(1, 500)}.{made.randint(10, 99)} EUR,")
            case 3:
                words.append(f"https://shop.example.com/orders/{made.randint(1, 99999)}")
            case _:
                words.append(made.choice(_WORDS))
        length += len(words[-1]) + 1
    if number % PERSONAL == 0:
        words.insert(len(words) // 2, _FOUND[number // PERSONAL % len(_FOUND)])
    return " ".join(words)


def batches(count: int) -> list[bytes]:
    """Return so many requests of `BATCH` spans; no id comes twice."""
    texts, made = prompts(count * BATCH), random.Random(time.time_ns())
    return [_batch(texts[number * BATCH : (number + 1) * BATCH], made) for number in range(count)]


def _batch(texts: list[str], made: random.Random) -> bytes:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    request: Any = ExportTraceServiceRequest()
    sent = request.resource_spans.add()
    _put(sent.resource.attributes, {"service.name": "shop"})
    scope = sent.scope_spans.add()
    for text in texts:
        span = scope.spans.add()
        span.trace_id, span.span_id = made.randbytes(16), made.randbytes(8)
        span.name, span.start_time_unix_nano = "chat gpt-4o", time.time_ns()
        span.end_time_unix_nano = span.start_time_unix_nano + 10**9
        _put(span.attributes, attributes(text))
    return request.SerializeToString()


def ids_in(body: bytes) -> tuple[int, ...]:
    """Return where the last eight bytes of the spans' trace ids are, and their own ids, so that no span is sent twice."""
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    request: Any = ExportTraceServiceRequest.FromString(body)
    spans = [span for sent in request.resource_spans for scope in sent.scope_spans for span in scope.spans]
    return tuple(sorted(place for span in spans for place in (body.index(span.trace_id) + 8, body.index(span.span_id))))


def attributes(prompt: str) -> dict[str, Any]:
    """Return the attributes of a model call by OpenTelemetry's conventions."""
    return {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "gpt-4o",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
        "gen_ai.input.messages": json.dumps([{"role": "user", "parts": [{"type": "text", "content": prompt}]}]),
        "gen_ai.output.messages": '[{"role":"assistant","parts":[{"type":"text","content":"It is on its way."}]}]',
    }


def _put(attributes: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        pair = attributes.add()
        pair.key = name
        if isinstance(value, int):
            pair.value.int_value = value
        else:
            pair.value.string_value = value
