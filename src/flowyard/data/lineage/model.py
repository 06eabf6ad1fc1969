"""What lineage keeps: edges between things of a workspace."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, get_args

from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.wire.lineage import LineageActivity, LineageEdge, LineageKind

KINDS: tuple[LineageKind, ...] = get_args(LineageKind)
_KINDS: dict[str, LineageKind] = {kind: kind for kind in KINDS}
#: Ids are cut to so many characters (with a hash of the rest), as an index of PostgreSQL asks for.
LONGEST_ID = 600
#: The name of these may have slashes, and they have no version.
_UNVERSIONED: frozenset[LineageKind] = frozenset({"model", "run", "trace", "endpoint", "evaluator"})


@dataclass(frozen=True, slots=True)
class Thing:
    """What an edge joins.

    `version`: of data its version, of a flow the digest of its snapshot, of a deployment (whose `name` is its endpoint's) its own name, of
    a datastore the path. Runs, traces, models, endpoints and evaluators have none.
    """

    kind: LineageKind
    name: str
    version: str = ""

    @property
    def id(self) -> str:
        """``<kind>/<name>[/<version>]``, at most `LONGEST_ID` characters."""
        text = f"{self.kind}/{self.name}/{self.version}" if self.version else f"{self.kind}/{self.name}"
        if len(text) <= LONGEST_ID:
            return text
        return f"{text[: LONGEST_ID - 17]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    @classmethod
    def parse(cls, text: str) -> "Thing":
        """Read an id.

        Raises:
            InvalidInputError: it is none.
        """
        kind, _, rest = text.partition("/")
        known = _KINDS.get(kind)
        if known is None or not rest or len(text) > LONGEST_ID:
            raise InvalidInputError(
                f"{text[:200]!r} names nothing that has a lineage.",
                remedy=f"Write NAME:VERSION of a data asset, or <kind>/<name>[/<version>] with one of {', '.join(KINDS)}.",
            )
        if known in _UNVERSIONED:
            return cls(known, rest)
        name, _, version = rest.partition("/")
        return cls(known, name, version)


def place(uri: str) -> Thing:
    """Return what the address of files in a datastore names (``azureml://datastores/<name>/paths/<path>``); a web server, by the name of
    its host, is one, too.
    """
    if uri.startswith(("http://", "https://")):
        host, _, file = uri.partition("://")[2].partition("/")
        return Thing("datastore", host, file)
    name, _, path = uri.partition("://datastores/")[2].partition("/paths/")
    return Thing("datastore", name, path.strip("/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How something was made: of what, by which activity. The fields are those of `wire.lineage.LineageEdge`."""

    activity: LineageActivity
    sources: tuple[Thing, ...]
    by: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])
    code: str | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRecord:
    """An edge as it is kept. `id` follows from its ends and its activity: the same edge is kept once, however often it is recorded."""

    id: str
    workspace_id: str
    source: str
    target: str
    activity: LineageActivity
    by: str | None
    parameters: dict[str, Any]
    code: str | None
    environment: str | None
    created_ns: int
    created_by: str

    def wire(self) -> LineageEdge:
        """Return it as it is shown."""
        return LineageEdge(
            source=self.source,
            target=self.target,
            activity=self.activity,
            by=self.by,
            parameters=self.parameters,
            code=self.code,
            environment=self.environment,
            created_at=to_rfc3339(self.created_ns),
            created_by=self.created_by,
        )


def edges_to(workspace_id: str, by: str, target: Thing, made: Made | None) -> tuple[EdgeRecord, ...]:
    """Return the edges from what `target` was made of, to give to a store that keeps them together with `target`.

    A thing is not made of itself: such an edge is left out, and the same source twice counts once.

    Args:
        workspace_id: where both are.
        by: who made it.
        target: what was made.
        made: how; None: of nothing that has a lineage.
    """
    if made is None:
        return ()
    now, end = now_ns(), target.id
    sources = [source for source in dict.fromkeys(thing.id for thing in made.sources) if source != end]
    return tuple(
        EdgeRecord(
            id=hashlib.sha256("\0".join((workspace_id, source, end, made.activity)).encode()).hexdigest(),
            workspace_id=workspace_id,
            source=source,
            target=end,
            activity=made.activity,
            by=made.by,
            parameters=made.parameters,
            code=made.code,
            environment=made.environment,
            created_ns=now,
            created_by=by,
        )
        for source in sources
    )


def edges_by(caller: Caller, target: Thing, made: Made | None) -> tuple[EdgeRecord, ...]:
    """Return the edges of something that `caller` makes now."""
    return edges_to(caller.workspace_id, caller.actor, target, made)
