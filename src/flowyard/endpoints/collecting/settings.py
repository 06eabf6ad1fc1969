"""What a deployment may collect, and what its replicas are told of it."""

import re

from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.flows.collecting.keeper import CollectorSpec
from flowyard.foundation.errors import Location
from flowyard.wire.endpoints import DataCollector

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")
# Headers with such words say who may do something.
_SECRET = re.compile(r"auth|cookie|token|secret|passw|credential|(?:api|access|subscription|function)s?-?key", re.IGNORECASE)
# These belong to the connection or are the gateway's to say; a replica sees its own.
_NOT_PASSED = frozenset(
    {"connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "traceparent", "transfer-encoding", "upgrade"}
)
_MOST = 50


def check_collector(collector: DataCollector) -> DataCollector:
    """Return `collector` when its names can be names, its rates are shares, and no header of it holds a secret.

    Raises:
        DeploymentInvalidError: something is wrong with it.
    """
    if len(collector.collections) > _MOST or len(collector.capture_headers) > _MOST:
        raise _wrong("", f"data_collector has more than {_MOST} collections or headers.", None)
    for name, collection in collector.collections.items():
        if not _NAME.fullmatch(name):
            raise _wrong(f"/collections/{name}", f"{name[:100]!r} is no name for a collection.", "Use letters, digits and _.-")
        _check_rate(f"/collections/{name}/sampling_rate", collection.sampling_rate)
    _check_rate("/sampling_rate", collector.sampling_rate)
    for header in collector.capture_headers:
        if _SECRET.search(header) or not _HEADER.fullmatch(header):
            raise _wrong("/capture_headers", f"The header {header[:100]!r} is not captured.", "Headers with keys are never kept.")
    return collector


def collector_spec(collector: DataCollector | None) -> CollectorSpec | None:
    """Return what a replica collects; None: nothing."""
    if collector is None:
        return None
    rates = {
        name.lower(): collector.sampling_rate if collection.sampling_rate is None else collection.sampling_rate
        for name, collection in collector.collections.items()
        if collection.enabled
    }
    return CollectorSpec(rates=rates, headers=collector.capture_headers) if rates else None


def captured_headers(collector: DataCollector | None) -> tuple[bytes, ...]:
    """Return the headers that gateways pass on to be collected, in lower case."""
    headers = () if collector is None else dict.fromkeys(header.lower() for header in collector.capture_headers)
    return tuple(header.encode() for header in headers if header not in _NOT_PASSED)


def _check_rate(pointer: str, rate: float | None) -> None:
    if rate is not None and not 0 <= rate <= 1:
        raise _wrong(pointer, f"sampling_rate is {rate}, expected 0 to 1.", None)


def _wrong(pointer: str, message: str, remedy: str | None) -> DeploymentInvalidError:
    return DeploymentInvalidError(message, remedy=remedy, location=Location(pointer=f"/settings/data_collector{pointer}"))
