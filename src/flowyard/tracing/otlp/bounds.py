"""How many parts a request may have, counted before it is read: an empty span is 2 bytes on the wire and 200 in memory."""

from flowyard.tracing.otlp.decode import OtlpError
from flowyard.tracing.otlp.wire import parts

#: Resources, scopes, and spans, log records or metrics of one request; objects and lists of one in JSON.
MOST_RECORDS, MOST_OBJECTS = 100_000, 1_000_000
# What is smaller cannot have too many.
_LARGE = 2 * MOST_RECORDS
# Where records are: the fields of a request, of a resource and of a scope that are messages again, the same ones for all signals.
_WAY = (1, 2)


def check_size(name: str, body: bytes, *, json: bool) -> None:
    """Refuse a request with so many parts that reading it would take the memory of others.

    Args:
        name: ``traces``, ``logs`` or ``metrics``.
        body: the request, in protobuf or, with `json`, in JSON.
        json: which of them.

    Raises:
        OtlpError: it has more than `MOST_RECORDS`, or `MOST_OBJECTS`; what is malformed is left for `decode` to tell.
    """
    if len(body) < _LARGE:
        return
    if json and body.count(b"{") + body.count(b"[") > MOST_OBJECTS:
        raise OtlpError(f"The JSON has more than {MOST_OBJECTS} objects and lists.", remedy="Send smaller batches.")
    if not json and _has_too_many(body):
        raise OtlpError(f"There are more than {MOST_RECORDS} parts in these {name}.", remedy="Send smaller batches.")


def _has_too_many(body: bytes) -> bool:
    count, places = 0, [(0, 0, len(body))]
    try:
        while places:
            depth, begin, end = places.pop()
            for number, first, last in parts(body, begin, end):
                count += 1
                if count > MOST_RECORDS:
                    return True
                if depth < len(_WAY) and number == _WAY[depth]:
                    places.append((depth + 1, first, last))
    except (ValueError, IndexError):
        return False
    return False
