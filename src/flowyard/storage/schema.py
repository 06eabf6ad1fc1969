"""The metadata database's tables: one schema for SQLite and PostgreSQL.

Ids are UUIDv7 text, times UTC nanoseconds, JSON is text written by ``foundation.codecs``. Every row of a workspace carries its id.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from flowyard.storage.access_table import access_tags
from flowyard.storage.columns import SEQUENCE, metadata
from flowyard.storage.columns import workspace_id as _workspace
from flowyard.storage.guards_table import trace_guards
from flowyard.storage.indexes_table import INDEX_TABLES
from flowyard.storage.lineage_table import lineage_edges
from flowyard.storage.registry_table import license_rules, registered_models
from flowyard.storage.reports_table import model_reports
from flowyard.storage.saved_queries_table import saved_queries
from flowyard.storage.schedules_table import data_schedules

#: Tables that stand in modules of their own; all others stand here.
APART = (
    access_tags, data_schedules, *INDEX_TABLES, lineage_edges, license_rules, model_reports, registered_models, saved_queries, trace_guards
)  # fmt: skip

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("display_name", String(200), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("name", String(200), nullable=False, unique=True),
    Column("created_ns", BigInteger, nullable=False),
    Column("last_seen_ns", BigInteger),
)

memberships = Table(
    "memberships",
    metadata,
    Column("workspace_id", String(36), ForeignKey("workspaces.id"), primary_key=True),
    Column("user_id", String(36), ForeignKey("users.id"), primary_key=True),
    Column("role", String(20), nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)

# `scope` is empty for keys that people make; ``deployment:<id>`` or ``session:<id>`` for those that processes are given.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("scope", String(200), nullable=False, default=""),
    Column("prefix", String(16), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("expires_ns", BigInteger),
    Column("revoked_ns", BigInteger),
    Column("last_used_ns", BigInteger),
    Column("limits", Text, nullable=False, server_default="{}"),
    Column("acts_for", String(80)),
    Index(None, "workspace_id", "name"),
)

workspace_limits = Table(
    "workspace_limits",
    metadata,
    Column("workspace_id", String(36), primary_key=True),
    Column("limits", Text, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

# `subject` is ``key:<id>`` or ``workspace:<id>``; `used` counts from `start_ns` on: requests, tokens, micro-dollars.
limit_use = Table(
    "limit_use",
    metadata,
    Column("subject", String(50), primary_key=True),
    Column("measure", String(10), primary_key=True),
    Column("start_ns", BigInteger, nullable=False),
    Column("used", BigInteger, nullable=False),
)

# What a gateway (`holder`) may let through until the lease ends or is renewed.
limit_leases = Table(
    "limit_leases",
    metadata,
    Column("subject", String(50), primary_key=True),
    Column("measure", String(10), primary_key=True),
    Column("holder", String(36), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("start_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
)

gateway_routes = Table(
    "gateway_routes",
    metadata,
    Column("workspace_id", String(36), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("spec", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

gateways = Table(
    "gateways",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("report", Text, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

sign_in_tokens = Table(
    "sign_in_tokens",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("users.id"), nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("used_ns", BigInteger),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("users.id")),
    Column("api_key_id", String(36), ForeignKey("api_keys.id")),
    Column("created_ns", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
    Column("ended_ns", BigInteger),
)

audit = Table(
    "audit",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("at_ns", BigInteger, nullable=False),
    Column("actor", String(200), nullable=False),
    Column("action", String(100), nullable=False),
    Column("target", String(300), nullable=False),
    Column("detail", Text, nullable=False),
    Index(None, "workspace_id", "at_ns"),
)

# Append-only. Gateways follow it by `seq`; `kind` is the noun that changed, `key` its name or id.
events = Table(
    "events",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("workspace_id", String(36), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("kind", String(50), nullable=False),
    Column("key", String(300), nullable=False),
    sqlite_autoincrement=True,
)

connections = Table(
    "connections",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(200), nullable=False),
    Column("type", String(50), nullable=False),
    Column("configs", Text, nullable=False),
    Column("secret_names", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    UniqueConstraint("workspace_id", "name"),
)

# `enqueued_ns` empty: the durable queue has not been told yet (the outbox). `epoch` is the lease that may write.
jobs = Table(
    "jobs",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("kind", String(50), nullable=False),
    Column("title", String(300), nullable=False),
    Column("target", String(300), nullable=False),
    Column("status", String(20), nullable=False),
    Column("arguments", Text, nullable=False),
    Column("stages", Text, nullable=False),
    Column("result", Text),
    Column("error", Text),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("started_ns", BigInteger),
    Column("ended_ns", BigInteger),
    Column("enqueued_ns", BigInteger),
    Column("cancel_ns", BigInteger),
    Column("attempt", Integer, nullable=False, default=0),
    Column("epoch", BigInteger, nullable=False, default=0),
    Column("worker_id", String(36)),
    Column("idempotency_key", String(200)),
    Column("after_id", String(36)),
    UniqueConstraint("workspace_id", "idempotency_key"),
    Index(None, "workspace_id", "created_ns"),
    Index(None, "status"),
)

job_events = Table(
    "job_events",
    metadata,
    Column("seq", SEQUENCE, primary_key=True, autoincrement=True),
    Column("job_id", String(36), ForeignKey("jobs.id"), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("payload", Text, nullable=False),
    Index(None, "job_id", "seq"),
    sqlite_autoincrement=True,
)

workers = Table(
    "workers",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("host", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("started_ns", BigInteger, nullable=False),
    Column("heartbeat_ns", BigInteger, nullable=False),
)

# One row a name: who leads, until when, and the epoch that fences writes of an earlier holder.
leases = Table(
    "leases",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("holder", String(36), nullable=False),
    Column("epoch", BigInteger, nullable=False),
    Column("expires_ns", BigInteger, nullable=False),
)

endpoints = Table(
    "endpoints",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(32), nullable=False),
    Column("description", Text),
    Column("traffic", Text, nullable=False),
    Column("mirror_traffic", Text, nullable=False, server_default="{}"),
    Column("auth_mode", String(20), nullable=False, server_default="key"),
    Column("tags", Text, nullable=False, server_default="{}"),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    UniqueConstraint("workspace_id", "name"),
)

# `revision` counts deploys under one name; replicas belong to a revision, so the old ones serve until the new are ready.
deployments = Table(
    "deployments",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("endpoint_id", String(36), ForeignKey("endpoints.id"), nullable=False),
    Column("name", String(32), nullable=False),
    Column("state", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("flow", String(200)),
    Column("digest", String(64)),
    Column("model", String(200)),
    Column("script", String(300)),
    Column("instance_count", Integer, nullable=False),
    Column("environment_variables", Text, nullable=False),
    Column("init", Text, nullable=False, server_default="{}"),
    Column("settings", Text, nullable=False, server_default="{}"),
    Column("job_id", String(36)),
    Column("error", Text),
    # How many replicas should run; None: as many as were deployed.
    Column("instances", Integer),
    # How many answers gateways keep for a rollout's evaluator to look at.
    Column("sample", Integer, nullable=False, server_default="0"),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    UniqueConstraint("endpoint_id", "name"),
)

# What each deploy brought into service: what a rollback goes back to.
deployment_revisions = Table(
    "deployment_revisions",
    metadata,
    Column("deployment_id", String(36), ForeignKey("deployments.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    _workspace(),
    Column("plan", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
)

replicas = Table(
    "replicas",
    metadata,
    Column("name", String(100), primary_key=True),
    _workspace(),
    Column("deployment_id", String(36), ForeignKey("deployments.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("address", String(100)),
    Column("token", String(100), nullable=False),
    Column("state", String(20), nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    Index(None, "deployment_id"),
)

# What each gateway has counted of a deployment since it started; a row changes while there are requests.
deployment_figures = Table(
    "deployment_figures",
    metadata,
    Column("deployment_id", String(36), primary_key=True),
    Column("gateway", String(36), primary_key=True),
    Column("counts", Text, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

# What the replicas of a deployment used within `lasted_ns`, until `at_ns`.
deployment_usage = Table(
    "deployment_usage",
    metadata,
    Column("deployment_id", String(36), primary_key=True),
    Column("at_ns", BigInteger, primary_key=True),
    Column("lasted_ns", BigInteger, nullable=False),
    Column("cpu_ns", BigInteger, nullable=False),
    Column("memory_bytes", BigInteger, nullable=False),
    Index(None, "at_ns"),
)

# Requests with their answers, until a rollout's evaluator has looked at them.
deployment_samples = Table(
    "deployment_samples",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("deployment_id", String(36), nullable=False),
    Column("request", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Index(None, "deployment_id"),
)

deployment_scalings = Table(
    "deployment_scalings",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("deployment_id", String(36), nullable=False),
    Column("at_ns", BigInteger, nullable=False),
    Column("before", Integer, nullable=False),
    Column("after", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", String(200), nullable=False),
    Index(None, "deployment_id"),
)

# `version` counts writes: two workers that both believe that they lead do not both move traffic.
rollouts = Table(
    "rollouts",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("endpoint_id", String(36), nullable=False),
    Column("state", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("spec", Text, nullable=False),
    Column("progress", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    Index(None, "endpoint_id"),
)

# A run's rows, metrics and progress are in its own file; its status is its job's. Here is what lists are filtered by.
runs = Table(
    "runs",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(100), nullable=False),
    Column("flow", String(300), nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("job_id", String(36), ForeignKey("jobs.id")),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    UniqueConstraint("workspace_id", "name"),
    Index(None, "workspace_id", "created_ns"),
)

# Versions never change; where their files are, and what they were made from.
data_assets = Table(
    "data_assets",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(100), nullable=False),
    Column("version", String(30), nullable=False),
    Column("type", String(20), nullable=False),
    Column("reference", String(500), nullable=False),
    Column("fingerprint", String(100), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("rows", BigInteger),
    Column("description", Text),
    Column("tags", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("created_by", String(200), nullable=False),
    UniqueConstraint("workspace_id", "name", "version"),
    Index(None, "workspace_id", "created_ns"),
)

# Where files are, with the credentials encrypted as those of connections are.
datastores = Table(
    "datastores",
    metadata,
    Column("id", String(36), primary_key=True),
    _workspace(),
    Column("name", String(100), nullable=False),
    Column("type", String(50), nullable=False),
    Column("description", Text),
    Column("tags", Text, nullable=False),
    Column("configs", Text, nullable=False),
    Column("secret_names", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
    UniqueConstraint("workspace_id", "name"),
)

# Telemetry's manifest: one transaction adds a segment and advances the spool's position.
telemetry_segments = Table(
    "telemetry_segments",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("workspace_id", String(36), nullable=False),
    Column("path", String(500), nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("min_start_ns", BigInteger, nullable=False),
    Column("max_start_ns", BigInteger, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
    Column("signal", String(20), nullable=False, server_default="spans"),
    Column("checksum", BigInteger),
    Index(None, "workspace_id", "signal", "min_start_ns"),
)

telemetry_spools = Table(
    "telemetry_spools",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

telemetry_policies = Table(
    "telemetry_policies",
    metadata,
    Column("workspace_id", String(36), primary_key=True),
    Column("redact", Text, nullable=False),
    Column("retention_days", Text, nullable=False),
    Column("sampling_ratio", Float, nullable=False),
    Column("updated_ns", BigInteger, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("workspace_id", String(36), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("response", Text, nullable=False),
    Column("created_ns", BigInteger, nullable=False),
)
