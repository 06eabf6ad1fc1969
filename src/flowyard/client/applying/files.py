"""Azure ML's files, of online endpoints and deployments above all: which keys they have, and what each means here."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict, cast, get_args

from flowyard.client.applying.collector import collector_of
from flowyard.client.applying.data_files import DataFile, DatastoreFile, data_file, datastore_file, kind_of
from flowyard.client.applying.reading import Kind, Reading, shares_of, text_of, texts_of, whole_of
from flowyard.client.applying.sources import Source, source_of
from flowyard.client.gates import read_gate
from flowyard.flows.format.document import Entry, Marked, read_document_file
from flowyard.flows.model import Place
from flowyard.wire.endpoints import AuthMode, DeploymentSettings, Gate, Probe, RequestSettings, ScaleSettings
from flowyard.wire.flows import Finding

_ENDPOINT: dict[str, Kind] = {
    "$schema": "text", "name": "text", "description": "text", "tags": "texts", "properties": "texts", "auth_mode": "text",
    "traffic": "shares", "mirror_traffic": "shares", "public_network_access": "text", "identity": "mapping", "compute": "text",
}  # fmt: skip
_DEPLOYMENT: dict[str, Kind] = {
    "$schema": "text", "name": "text", "type": "text", "endpoint_name": "text", "description": "text", "tags": "texts",
    "properties": "texts", "model": "any", "code_configuration": "mapping", "environment": "any", "environment_variables": "texts",
    "instance_count": "whole", "instance_type": "text", "request_settings": "mapping", "liveness_probe": "mapping",
    "readiness_probe": "mapping", "startup_probe": "mapping", "scale_settings": "mapping", "data_collector": "mapping",
    "app_insights_enabled": "yes_no", "egress_public_network_access": "text", "private_network_connection": "yes_no",
    "model_mount_path": "text", "resources": "mapping",
}  # fmt: skip
_REQUEST: dict[str, Kind] = {"request_timeout_ms": "whole", "max_concurrent_requests_per_instance": "whole", "max_queue_wait_ms": "whole"}
_PROBE: dict[str, Kind] = {
    "initial_delay": "whole", "period": "whole", "timeout": "whole", "success_threshold": "whole", "failure_threshold": "whole",
}  # fmt: skip
_SCALE: dict[str, Kind] = {
    "type": "text", "min_instances": "whole", "max_instances": "whole", "polling_interval": "whole",
    "target_utilization_percentage": "whole",
}  # fmt: skip
#: Properties of a deployment that say something here. Azure ML takes any property, and no key that it does not know.
_GATES, _EVALUATION = "flowyard.gates", "flowyard.evaluation"
_SCHEMA = re.compile(r"/([A-Za-z]+)\.schema\.json")
# What a script is to fill in before the file is applied, as in Azure ML's examples.
_BLANK = re.compile(r"\{\{ ?\w+ ?\}\}|<[A-Z][A-Z0-9_]*>")
#: Keys that ask for what is not done here, and what is instead.
_ENDPOINT_NOTES = {
    "public_network_access": "Who reaches the endpoint is not decided here: who holds a key does.",
    "identity": "There are no managed identities: a flow's connections hold its secrets.",
    "compute": "Replicas run on this installation, whatever compute says.",
    "properties": "Properties are not kept; tags are.",
}
_DEPLOYMENT_NOTES = {
    "instance_type": "Replicas are processes of this installation; their size is not bounded.",
    "startup_probe": "A replica says by itself when it is ready; it is not probed.",
    "egress_public_network_access": "What replicas may reach is not bounded.",
    "private_network_connection": "There are no private networks here.",
    "model_mount_path": "The model is where AZUREML_MODEL_DIR says.",
    "resources": "Processor time and memory of replicas are not bounded.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFile:
    """An endpoint as its file wants it; what is None stays as it is."""

    name: str
    description: str | None = None
    tags: dict[str, str] | None = None
    auth_mode: AuthMode | None = None
    traffic: dict[str, int] | None = None
    mirror_traffic: dict[str, int] | None = None
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFile:
    """A deployment as its file wants it."""

    name: str
    endpoint: str
    source: Source
    instance_count: int = 1
    environment_variables: dict[str, str] = field(default_factory=dict[str, str])
    settings: DeploymentSettings = field(default_factory=DeploymentSettings)
    notes: tuple[Finding, ...] = ()


class _Held(TypedDict):
    gates: tuple[Gate, ...]
    evaluation: str | None


Described = EndpointFile | DeploymentFile | DatastoreFile | DataFile


def read_file(path: Path) -> tuple[Described | None, list[Finding]]:
    """Read a file. None where it cannot be applied; the findings say why and where."""
    reading = Reading(path.name)
    found, findings = _read(reading, path)
    blanks = _blanks(path) if findings else []
    return found, blanks or findings


def _blanks(path: Path) -> list[Finding]:
    """Return what a file still leaves blank: all else that is wrong with it may come of that."""
    reading = Reading(path.name)
    if path.is_file():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for blank in _BLANK.finditer(line.partition(" #")[0]):
                message = f"{blank[0]} has not been filled in: this file is a template."
                reading.wrong(
                    Place(path.name, number, blank.start() + 1), "BlankLeft", message, f"Write a value in the place of {blank[0]}."
                )
    return reading.findings


def _read(reading: Reading, path: Path) -> tuple[Described | None, list[Finding]]:
    document, findings = read_document_file(path)
    reading.findings.extend(findings)
    if document is None:
        return None, reading.findings
    kind = _kind(document)
    if kind is None:
        what = _SCHEMA.search(str(text_of((document.mapping or {}).get("$schema")) or ""))
        message = f"This is {f'a {what[1]}' if what else 'none of what is applied'}: "
        message += "datastores, data assets, online endpoints and their deployments are applied, other kinds are not."
        remedy = "Write $schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json, or …OnlineEndpoint…"
        if what and "batch" in what[1].lower():
            remedy = "Many inputs at once are a run here: flowyard run create --flow FLOW --data FILE"
        reading.wrong(document.place, "KindUnknown", message, remedy)
        return None, reading.findings
    made = _made(kind, reading, document, path.resolve())
    return (None if reading.findings else made), reading.findings


def _made(kind: str, reading: Reading, document: Marked, path: Path) -> Described | None:
    if kind == "endpoint":
        return _endpoint(reading, document)
    if kind == "deployment":
        return _deployment(reading, document, path.parent)
    return datastore_file(reading, document, path) if kind == "datastore" else data_file(reading, document, path.parent)


def _kind(document: Marked) -> str | None:
    keys = document.mapping or {}
    schema = str(text_of(keys.get("$schema")) or "").lower()
    if "onlinedeployment" in schema:
        return "deployment"
    if "onlineendpoint" in schema:
        return "endpoint"
    found = kind_of(document, schema)
    if found is not None or schema:
        return found
    if "endpoint_name" in keys:
        return "deployment"
    return "endpoint" if {"auth_mode", "traffic", "mirror_traffic"} & set(keys) else None


def _endpoint(reading: Reading, document: Marked) -> EndpointFile | None:
    found = reading.keys(document, _ENDPOINT)
    for key, message in _ENDPOINT_NOTES.items():
        reading.note(found.get(key), message)
    mode = _auth_mode(reading, found.get("auth_mode"))
    name = _required(reading, document, found, "name")
    if name is None:
        return None
    return EndpointFile(
        name=name,
        description=text_of(found.get("description")),
        tags=texts_of(found["tags"]) if "tags" in found else None,
        auth_mode=mode,
        traffic=shares_of(found.get("traffic")),
        mirror_traffic=shares_of(found.get("mirror_traffic")),
        notes=tuple(reading.notes),
    )


def _auth_mode(reading: Reading, entry: Entry | None) -> AuthMode | None:
    mode = str(text_of(entry)).lower() if entry is not None else None  # Azure ML takes Key for key
    if entry is None or mode in get_args(AuthMode):
        return cast("AuthMode | None", mode)
    if mode == "aad_token":
        reading.note(entry, "There are no tokens of Microsoft Entra here: the endpoint gives its own, as with aml_token.")
        return "aml_token"
    reading.wrong(entry.value.place, "WrongValue", f"auth_mode is {text_of(entry)!r}.", "Write key, aml_token or aad_token.")
    return None


def _deployment(reading: Reading, document: Marked, folder: Path) -> DeploymentFile | None:
    found = reading.keys(document, _DEPLOYMENT)
    for key, message in _DEPLOYMENT_NOTES.items():
        reading.note(found.get(key), message)
    insights = found.get("app_insights_enabled")
    if insights is not None and insights.value.data is False:
        reading.note(insights, "Traces are kept all the same.", "How much and how long is the workspace's: flowyard telemetry policy.")
    name, endpoint = _required(reading, document, found, "name"), _required(reading, document, found, "endpoint_name")
    settings = _settings(reading, found)
    source = source_of(reading, found, folder)
    if name is None or endpoint is None or source is None:
        return None
    if source.name is not None:
        reading.note(found.get("data_collector"), "Of a catalog model nothing is collected: its prompts and answers are in the traces.")
    return DeploymentFile(
        name=name,
        endpoint=endpoint,
        source=source,
        instance_count=whole_of(found.get("instance_count")) or 1,
        environment_variables=texts_of(found.get("environment_variables")),
        settings=settings,
        notes=tuple(reading.notes),
    )


def _settings(reading: Reading, found: dict[str, Entry]) -> DeploymentSettings:
    request = _inner(reading, found, "request_settings", _REQUEST)
    ready = _inner(reading, found, "readiness_probe", _PROBE)
    alive = _inner(reading, found, "liveness_probe", _PROBE)
    scale = _inner(reading, found, "scale_settings", _SCALE)
    return DeploymentSettings(
        request=RequestSettings(**{key: whole_of(entry) for key, entry in request.items()}),
        ready_within_s=_ready_within(ready),
        liveness_probe=_probe(alive) if alive else None,
        scale=_scale(reading, scale),
        data_collector=collector_of(reading, found.get("data_collector")),
        **_held(reading, found.get("properties")),
        description=text_of(found.get("description")),
        tags=texts_of(found.get("tags")),
    )


def _held(reading: Reading, properties: Entry | None) -> _Held:
    """Return the gates that the properties say, and the run that is held to them."""
    found = properties.value.mapping if properties is not None else None
    gates: list[Gate] = []
    for key, entry in (found or {}).items():
        if key == _GATES:
            for text in texts_of(properties)[key].split(","):
                gate = read_gate(text)
                if gate is None:
                    remedy = "Write metrics and bounds: flowyard.gates: f1_score >= 0.8, latency <= 2"
                    reading.wrong(entry.value.place, "WrongValue", f"{text.strip()!r} is no gate.", remedy)
                else:
                    gates.append(gate)
        elif key.startswith("flowyard.") and key != _EVALUATION:
            reading.wrong(entry.place, "UnknownKey", f"There is no property {key!r}.", f"Known are: {_GATES}, {_EVALUATION}.")
        elif key != _EVALUATION:
            reading.note(entry, "Properties are not kept; tags are.")
    return {"gates": tuple(gates), "evaluation": texts_of(properties).get(_EVALUATION)}


def _scale(reading: Reading, given: dict[str, Entry]) -> ScaleSettings:
    kind = given.get("type")
    if kind is None or str(text_of(kind)).lower() == "default":
        return ScaleSettings()
    if str(text_of(kind)).lower() != "target_utilization":
        reading.wrong(kind.value.place, "WrongValue", f"type is {text_of(kind)!r}.", "Write default or target_utilization.")
        return ScaleSettings()
    return ScaleSettings(type="target_utilization", **{key: whole_of(entry) or 0 for key, entry in given.items() if key != "type"})


def _probe(given: dict[str, Entry]) -> Probe:
    values = {key: whole_of(entry) or 0 for key, entry in given.items() if key != "success_threshold"}
    return Probe(**values)


def _ready_within(probe: dict[str, Entry]) -> int | None:
    """Return how long a replica may take to get ready by its probe; Azure ML's defaults are 10 s, then 30 times 10 s."""
    if not probe:
        return None
    asked = _probe(probe)
    return asked.initial_delay + asked.period * asked.failure_threshold


def _inner(reading: Reading, found: dict[str, Entry], key: str, table: dict[str, Kind]) -> dict[str, Entry]:
    entry = found.get(key)
    return {} if entry is None else reading.keys(entry.value, table, key)


def _required(reading: Reading, document: Marked, found: dict[str, Entry], key: str) -> str | None:
    if key not in found:
        reading.wrong(document.place, "KeyMissing", f"The file has no {key}.", f"Write {key}: with a name.")
        return None
    return text_of(found[key])
