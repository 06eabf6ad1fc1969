"""The ``data_collector`` of a deployment's file."""

from flowyard.client.applying.reading import Kind, Reading, share_of, text_of
from flowyard.flows.format.document import Entry
from flowyard.wire.endpoints import Collection, DataCollector

_COLLECTOR: dict[str, Kind] = {"collections": "mapping", "rolling_rate": "text", "sampling_rate": "share", "request_logging": "mapping"}
_COLLECTION: dict[str, Kind] = {"enabled": "text", "sampling_rate": "share", "data": "any", "client_id": "text"}
_DATA: dict[str, Kind] = {"name": "text", "version": "text", "path": "text", "type": "text"}
_LOGGING: dict[str, Kind] = {"capture_headers": "list"}


def collector_of(reading: Reading, entry: Entry | None) -> DataCollector | None:
    """Return what the file collects; None where it does not say."""
    if entry is None:
        return None
    found = reading.keys(entry.value, _COLLECTOR, "data_collector")
    reading.note(found.get("rolling_rate"), "Collected rows are not cut into files; an export takes the period that one asks for.")
    logging = found.get("request_logging")
    headers = () if logging is None else _headers(reading, logging)
    given = found["collections"].value.mapping if "collections" in found else None
    collections = {name: _collection(reading, name, inner) for name, inner in (given or {}).items()}
    rate = share_of(found.get("sampling_rate"))
    return DataCollector(collections=collections, sampling_rate=1.0 if rate is None else rate, capture_headers=headers)


def _collection(reading: Reading, name: str, entry: Entry) -> Collection:
    where = f"data_collector.collections.{name}"
    if entry.value.data is None:
        return Collection()
    found = reading.keys(entry.value, _COLLECTION, where)
    reading.note(found.get("client_id"), "There are no managed identities here.")
    enabled = text_of(found.get("enabled"))
    if enabled is not None and enabled.lower() not in {"true", "false"}:
        reading.wrong(found["enabled"].value.place, "WrongType", f"{where}.enabled is {enabled!r}, expected true or false.")
    return Collection(
        enabled=enabled is None or enabled.lower() == "true",
        sampling_rate=share_of(found.get("sampling_rate")),
        asset=_asset(reading, found.get("data"), where),
    )


def _asset(reading: Reading, entry: Entry | None, where: str) -> str | None:
    """Return the name of the data asset: an export makes it; where its files are is decided here."""
    if entry is None:
        return None
    if entry.value.mapping is None:
        return (text_of(entry) or "").removeprefix("azureml:").partition(":")[0] or None
    found = reading.keys(entry.value, _DATA, f"{where}.data")
    reading.note(found.get("path"), "Collected rows are kept with the workspace's telemetry; an export writes them where one asks for.")
    return text_of(found.get("name"))


def _headers(reading: Reading, entry: Entry) -> tuple[str, ...]:
    found = reading.keys(entry.value, _LOGGING, "data_collector.request_logging").get("capture_headers")
    return () if found is None else tuple(str(item.data) for item in found.value.items or [])
