"""What a session process is told, apart from its program: the server makes the message and needs nothing that runs flows."""

from typing import Any

import msgspec

from flowyard.flows.runtime.cache_spec import CacheSpec

#: Names the trace that a test begins; W3C's traceparent names one that it goes on with.
TRACE_HEADER = b"flowyard-trace-id"


class SessionMessage(msgspec.Struct, frozen=True, kw_only=True):
    """What the supervisor hands to a session.

    Attributes:
        folder: the flow's authoring folder.
        flow: the flow's name, for its spans.
        workspace_id: the workspace.
        gateway_url: where LLM nodes call, without ``/v1``; with `api_key`, a key that opens nothing else.
        token: what callers must send in the header ``flowyard-replica-token``.
        spools: the folder for spans.
        cache: the workspace's node cache.
        connections: what Python nodes get: name to type, configs and secrets.
        user_id: who edits.
    """

    folder: str
    flow: str
    workspace_id: str
    gateway_url: str
    api_key: str
    token: str
    spools: str
    cache: CacheSpec
    connections: dict[str, dict[str, Any]] = {}
    user_id: str | None = None
