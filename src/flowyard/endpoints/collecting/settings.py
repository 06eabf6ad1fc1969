"""What a deployment may collect, and what its replicas are told of it."""

import re

from flowyard.endpoints.errors import DeploymentInvalidError
from flowyard.flows.collecting.keeper import CollectorSpec
from flowyard.foundation.errors import Location
from flowyard.wire.endpoints import DataCollector

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,99}")
_HEADER = re.compile(r"[A-Za-z0-9-]{1,100}")
# Who may call stands in these.
_SECRET_HEADERS = frozenset({"authorization", "api-key", "cookie", "proxy-authorization", "flowyard-replica-token"})
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
        if header.lower() in _SECRET_HEADERS or not _HEADER.fullmatch(header):
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
    return () if collector is None else tuple(header.lower().encode() for header in collector.capture_headers)


def _check_rate(pointer: str, rate: float | None) -> None:
    if rate is not None and not 0 <= rate <= 1:
        raise _wrong(pointer, f"sampling_rate is {rate}, expected 0 to 1.", None)


def _wrong(pointer: str, message: str, remedy: str | None) -> DeploymentInvalidError:
    return DeploymentInvalidError(message, remedy=remedy, location=Location(pointer=f"/settings/data_collector{pointer}"))
