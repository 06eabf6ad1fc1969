"""Collected records as rows of data, and as Azure ML's data collector writes them."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.codecs import to_json
from flowyard.foundation.version import __version__
from flowyard.tracing.signals import LogRecord

#: What a row says besides the data's own columns.
ABOUT = ("correlation_id", "collected_at", "deployment")


def events(records: Iterable[LogRecord], workspace: str) -> Iterator[dict[str, Any]]:
    """Yield each record with rows as an event of CloudEvents 1.0, with the attributes of Azure ML's data collector."""
    for record in records:
        told = record.attributes
        data = told.get("data")
        if not told.get("rows"):
            continue
        size = len(to_json(data))
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": record.log_id,
            "source": f"/workspaces/{workspace}/onlineEndpoints/{_endpoint(record)}/deployments/{_deployment(record)}",
            "type": f"azureml.inference.{record.logger}",
            "datacontenttype": "application/json",
            "time": to_rfc3339(record.at_ns),
            "data": data,
            "correlationid": told.get("correlation_id"),
            "xrequestid": told.get("xrequestid") or told.get("correlation_id"),
            "modelversion": "default",
            "collectdatatype": told.get("collect_data_type") or "python.str",
            "agent": f"flowyard/{__version__}",
            "contentrange": f"bytes 0-{size - 1}/{size}",
        }
        yield event | ({"headers": told["headers"]} if told.get("headers") else {})


def rows(records: Iterable[LogRecord], collections: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the collected rows as objects: the data's columns, then `ABOUT`.

    Of several collections the rows of one request are joined, the first with the first; a column that an earlier one has too is called
    ``<collection>.<column>``. A request that one of them lacks has the columns of the others. A value that is no object is ``data``.
    """
    if len(collections) == 1:
        for record in records:
            for values in _values(record):
                yield _row(values, record)
        return
    order = {name.lower(): place for place, name in enumerate(collections)}
    joined: dict[tuple[str, str], list[LogRecord]] = {}
    for record in records:
        joined.setdefault((_deployment(record), str(record.attributes.get("correlation_id"))), []).append(record)
    for found in joined.values():
        found.sort(key=lambda record: order.get(record.logger or "", len(order)))
        yield from _joined(found)


def _joined(records: list[LogRecord]) -> Iterator[dict[str, Any]]:
    by_record = [(record, _values(record)) for record in records]
    for place in range(max(len(values) for _, values in by_record)):
        merged: dict[str, Any] = {}
        for record, values in by_record:
            for name, value in (values[place] if place < len(values) else {}).items():
                merged[f"{record.logger}.{name}" if name in merged else name] = value
        yield _row(merged, records[0])


def _values(record: LogRecord) -> list[dict[str, Any]]:
    data = record.attributes.get("data")
    found = cast("list[Any]", data) if isinstance(data, list) else []
    return [cast("dict[str, Any]", row) if isinstance(row, dict) else {"data": row} for row in found]


def _row(values: dict[str, Any], record: LogRecord) -> dict[str, Any]:
    own = {f"data.{name}" if name in ABOUT else name: value for name, value in values.items()}
    about = (record.attributes.get("correlation_id"), to_rfc3339(record.at_ns), _deployment(record))
    return own | dict(zip(ABOUT, about, strict=True))


def _endpoint(record: LogRecord) -> str:
    return (record.service or "").partition("/")[0]


def _deployment(record: LogRecord) -> str:
    return (record.service or "").partition("/")[2]
