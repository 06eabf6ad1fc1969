"""Every metric that ``/metrics`` shows, with its labels: what is not in this table is not shown.

Names follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/), and OpenTelemetry's semantic conventions for HTTP and
GenAI where they have the metric, translated as Prometheus does (dots become underscores, the unit is a suffix).
"""

from dataclasses import dataclass
from typing import Literal

import msgspec

Kind = Literal["counter", "gauge", "histogram", "info"]

#: OpenTelemetry's advice for ``http.server.request.duration`` and for GenAI, seconds.
_HTTP_S = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_CALL_S = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_FIRST_TOKEN_S = (0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
_TOKENS = tuple(float(4**power) for power in range(14))

_MODEL = ("workspace", "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "endpoint", "deployment")
_DEPLOYMENT = ("workspace", "endpoint", "deployment")


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric. `name` is as it is shown, of counters with ``_total``; `bounds` are the upper ends of a histogram's buckets."""

    name: str
    kind: Kind
    help: str
    labels: tuple[str, ...] = ()
    bounds: tuple[float, ...] = ()


class Reading(msgspec.Struct, array_like=True):
    """One series of a metric as it is now: the values of its labels, and its value.

    Of a histogram `value` is the sum, and `counts` says how many fell into each bucket and, last, above all of them.
    """

    labels: tuple[str, ...] = ()
    value: float = 0.0
    counts: list[int] = []


#: Readings by the metric's name.
Readings = dict[str, list[Reading]]

HTTP_DURATION = Metric(
    "http_server_request_duration_seconds",
    "histogram",
    "HTTP requests by the process that answered them. The status is empty where the client left before an answer",
    ("process", "http_request_method", "http_route", "http_response_status_code"),
    _HTTP_S,
)
HTTP_ACTIVE = Metric("http_server_active_requests", "gauge", "HTTP requests that are being answered", ("process",))

CALL_DURATION = Metric(
    "gen_ai_server_request_duration_seconds", "histogram", "Model calls through the gateway", (*_MODEL, "error_type", "process"), _CALL_S
)
FIRST_TOKEN = Metric(
    "gen_ai_server_time_to_first_token_seconds",
    "histogram",
    "Time to the first token of streamed answers",
    (*_MODEL, "process"),
    _FIRST_TOKEN_S,
)
TOKENS = Metric("gen_ai_client_token_usage", "histogram", "Tokens of model calls", (*_MODEL, "gen_ai_token_type", "process"), _TOKENS)
COST = Metric("flowyard_model_cost_dollars_total", "counter", "Cost of model calls whose price is known, US dollars", (*_MODEL, "process"))
UNPRICED = Metric(
    "flowyard_model_unpriced_calls_total", "counter", "Model calls with tokens whose price is not known", (*_MODEL, "process")
)
ENDPOINT_DURATION = Metric(
    "flowyard_endpoint_request_duration_seconds",
    "histogram",
    "Requests to flows' endpoints",
    (*_DEPLOYMENT, "error_type", "process"),
    _CALL_S,
)
ENGINE_ACTIVE = Metric("flowyard_engine_active_requests", "gauge", "Calls that a local engine is answering", ("model", "process"))
ENGINE_SLOTS = Metric("flowyard_engine_slots", "gauge", "Calls that a running local engine computes at once", ("model", "process"))
ENGINE_BUSY = Metric(
    "flowyard_engine_busy_slots", "gauge", "Slots of an engine that are taken; further calls wait for one", ("model", "process")
)
REPLICA_ACTIVE = Metric("flowyard_deployment_active_requests", "gauge", "Requests that replicas are answering", (*_DEPLOYMENT, "process"))
MIRRORED = Metric(
    "flowyard_mirrored_requests_total",
    "counter",
    "Copies of requests to a mirrored deployment: sent, failed (it did not answer), dropped (too many at a time, or no replica)",
    (*_DEPLOYMENT, "outcome", "process"),
)
REPLICA_WAITING = Metric(
    "flowyard_deployment_waiting_requests",
    "gauge",
    "Requests that wait for a replica to have room (max_concurrent_requests)",
    (*_DEPLOYMENT, "process"),
)

ROUTE_CALLS = Metric(
    "flowyard_route_calls_total",
    "counter",
    "Calls of a route's models: answered, failed",
    ("workspace", "route", "model", "outcome", "process"),
)
ROUTE_BREAKER = Metric(
    "flowyard_route_breaker_open",
    "gauge",
    "Circuit breaker of a route's model: 1 open (left alone), 0.5 half-open (tried by one call), 0 closed",
    ("workspace", "route", "model", "process"),
)
CACHE_LOOKUPS = Metric(
    "flowyard_route_cache_lookups_total", "counter", "Look-ups in a gateway's cache of answers: hit, miss", ("outcome", "process")
)
CACHE_BYTES = Metric("flowyard_route_cache_bytes", "gauge", "Memory of the answers that the gateway keeps", ("process",))
LIMIT_REFUSALS = Metric(
    "flowyard_limit_refusals_total",
    "counter",
    "Requests that a limit of a key or workspace refused: requests, tokens, day, month",
    ("limit", "process"),
)
LIMITS_LOCAL = Metric("flowyard_limits_local", "gauge", "1 while a gateway cannot lease limits and goes on at their own rate", ("process",))

COLLECTOR_REQUESTS = Metric(
    "flowyard_collector_requests_total",
    "counter",
    "OTLP requests: accepted, refused (the sender's fault), busy (told to come again), failed",
    ("signal", "outcome"),
)
COLLECTOR_BYTES = Metric("flowyard_collector_received_bytes_total", "counter", "Bytes of OTLP requests as they were sent", ("signal",))
BACKLOG = Metric("flowyard_indexer_backlog_bytes", "gauge", "Bytes in spools that the indexer has not read")
ROWS_INDEXED = Metric("flowyard_indexer_rows_total", "counter", "Rows written to segments since the server began", ("signal",))
ROWS_REFUSED = Metric(
    "flowyard_indexer_refused_rows_total",
    "counter",
    "Rows that were refused since the server began: their ids, workspace or times are not valid",
)
BYTES_DAMAGED = Metric("flowyard_indexer_damaged_bytes_total", "counter", "Bytes of spools that were damaged and passed over")
TAIL_ROWS = Metric("flowyard_telemetry_tail_rows", "gauge", "Rows in memory that stand in no segment yet")
TAIL_BYTES = Metric("flowyard_telemetry_tail_bytes", "gauge", "Memory of those rows")
TAIL_AGE = Metric("flowyard_telemetry_tail_age_seconds", "gauge", "Age of the oldest of those rows; 0 when there are none")
SPOOL_BYTES = Metric("flowyard_telemetry_spool_bytes", "gauge", "Size of all spools, those that are read and not deleted yet included")
SPOOL_FILES = Metric("flowyard_telemetry_spool_files", "gauge", "Spools")
SEGMENTS = Metric("flowyard_telemetry_segments", "gauge", "Segments of the telemetry store", ("workspace", "signal"))
SEGMENT_ROWS = Metric("flowyard_telemetry_segment_rows", "gauge", "Rows in segments", ("workspace", "signal"))
SEGMENT_BYTES = Metric("flowyard_telemetry_segment_bytes", "gauge", "Size of segments", ("workspace", "signal"))

JOBS = Metric("flowyard_jobs", "gauge", "Jobs by kind and status, those that ended included", ("workspace", "kind", "status"))
DEPLOYMENTS = Metric("flowyard_deployments", "gauge", "Deployments: 1 at the state that each is in", (*_DEPLOYMENT, "state"))
REPLICAS_WANTED = Metric("flowyard_deployment_wanted_replicas", "gauge", "Replicas that a deployment should have", _DEPLOYMENT)
REPLICAS = Metric("flowyard_deployment_replicas", "gauge", "Replicas that a deployment has, by state", (*_DEPLOYMENT, "state"))
WORKSPACES = Metric("flowyard_workspace_info", "info", "The name of each workspace id", ("workspace", "name"))

PROCESSES = Metric(
    "flowyard_processes", "gauge", "Processes of the supervisor by role (engine, replica, session, …) and state", ("role", "state")
)
PROCESS_RESTARTS = Metric("flowyard_process_restarts_total", "counter", "Restarts since the process was first asked for", ("process",))
PROCESS_CPU = Metric("flowyard_process_cpu_seconds_total", "counter", "Processor time of a process and what it started", ("process",))
PROCESS_MEMORY = Metric("flowyard_process_resident_memory_bytes", "gauge", "Resident memory of a process and what it started", ("process",))
DEPLOYMENT_CPU = Metric(
    "flowyard_deployment_cpu_seconds_total",
    "counter",
    "Processor time of a deployment's replicas and what they started, since the server began",
    _DEPLOYMENT,
)
DEPLOYMENT_MEMORY = Metric(
    "flowyard_deployment_resident_memory_bytes", "gauge", "Resident memory of a deployment's replicas and what they started", _DEPLOYMENT
)
DISK_FREE = Metric("flowyard_disk_free_bytes", "gauge", "Free space of the file system of a folder", ("folder",))
DISK_SIZE = Metric("flowyard_disk_size_bytes", "gauge", "Size of the file system of a folder", ("folder",))
BUILD = Metric("flowyard_build_info", "info", "The version that runs", ("version",))
INCOMPLETE = Metric("flowyard_scrape_missing_parts", "gauge", "1 for a part that could not be read in this scrape", ("part",))

METRICS: dict[str, Metric] = {value.name: value for value in list(globals().values()) if isinstance(value, Metric)}
