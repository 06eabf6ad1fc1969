"""What is withheld of traces that read documents with access tags, and from whom.

A search that a flow makes tells the trace that it is made in; what it found is kept here before it is answered, so that no text is
anywhere before it is known who may see it. Whoever would not have found one of those documents sees the trace without its texts.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from msgspec.structs import replace

from flowyard.identity.access import Access, AccessTagService
from flowyard.identity.model import Caller
from flowyard.tracing.errors import WithheldError
from flowyard.tracing.model import SpanEvent, SpanRecord
from flowyard.tracing.search.model import ATTRIBUTE, SCORE, All, Not, Outside, Search, Term, Text
from flowyard.tracing.search.model import Any as AnyOf
from flowyard.tracing.signals import Score
from flowyard.wire.shared import WITHHELD_SENTENCE

#: The attribute of spans whose texts are withheld.
WITHHELD = "flowyard.withheld"
#: Attributes that say how something ran, and nothing of what was in it. All others are withheld.
_TOLD = frozenset(
    {
        "error.type", "flowyard.cached", "flowyard.canceled", "flowyard.flow", "flowyard.line", "flowyard.node.kind", "flowyard.run",
        "flowyard.saved.completion_tokens", "flowyard.saved.prompt_tokens", "gen_ai.operation.name", "gen_ai.provider.name",
        "gen_ai.request.max_tokens", "gen_ai.request.model", "gen_ai.request.temperature", "gen_ai.request.top_p", "gen_ai.response.model",
        "gen_ai.server.time_to_first_token", "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.input_tokens",
        "gen_ai.usage.output_tokens", "http.request.method", "http.response.status_code", "http.route", "session.id", "user.id",
    }
)  # fmt: skip

#: The tags of a document: whoever has one of them may read it.
Tags = tuple[str, ...]


class GuardStore(Protocol):
    """Keeps, by trace, the tags of the documents that it read."""

    def add(self, workspace_id: str, read: Mapping[str, Iterable[Tags]], *, for_good: bool = False) -> None:
        """Keep, durably, by trace id what each read; what is known already is no error.

        It is forgotten when the workspace's telemetry of that time is; `for_good`: never.
        """
        ...

    def renew(self, workspace_id: str, trace_id: str) -> None:
        """Let what a trace read be kept as long as if it were kept now, give or take a day."""
        ...

    def of(self, workspace_id: str, trace_ids: Sequence[str]) -> dict[str, frozenset[Tags]]:
        """Return what these traces read, of those that read something with tags."""
        ...

    def kinds(self, workspace_id: str) -> frozenset[Tags]:
        """Return the tags of all that any trace read."""
        ...

    def reading(self, workspace_id: str, tags: Iterable[Tags]) -> frozenset[str]:
        """Return the ids of all traces that read a document with one of these sets of tags."""
        ...


class Guards(Protocol):
    """Says what a caller is not shown whole."""

    def lacked(self, caller: Caller, trace_ids: Iterable[str | None]) -> frozenset[str]:
        """Return those of these traces that read a document which the caller would not have found."""
        ...

    def all_lacked(self, caller: Caller) -> frozenset[str]:
        """Return all such traces of the caller's workspace."""
        ...


class TraceGuards:
    """Knows which traces read what, and says who sees them whole: `Guards`, as it is now."""

    def __init__(self, store: GuardStore, access: AccessTagService) -> None:
        self._store = store
        self._access = access

    def note(self, workspace_id: str, trace_id: str, documents: Iterable[Sequence[str]]) -> None:
        """Keep that a trace read documents with these tags, each the tags of one; those without tags do not count."""
        read = {tuple(sorted(tags)) for tags in documents if tags}
        if read:
            self._store.add(workspace_id, {trace_id: read})

    def note_all(self, workspace_id: str, what: Iterable[tuple[str, Iterable[Sequence[str]]]], *, for_good: bool = False) -> None:
        """Keep the same of several traces, or of other things that have an id of that form; `for_good`: it is never forgotten."""
        read = {name: {tuple(sorted(tags)) for tags in documents if tags} for name, documents in what}
        self._store.add(workspace_id, {name: tags for name, tags in read.items() if tags}, for_good=for_good)

    def hand_on(self, workspace_id: str, pairs: Iterable[tuple[str, str]], *, for_good: bool = False) -> None:
        """Keep that traces read what others had read: pairs of a trace and one that is made of what it has."""
        made = list(pairs)
        known = self._store.of(workspace_id, sorted({before for before, _ in made}))
        read: dict[str, frozenset[Tags]] = {}
        for before, after in made:
            if before in known:
                read[after] = read.get(after, frozenset()) | known[before]
        if read:
            self._store.add(workspace_id, read, for_good=for_good)

    def converse(self, workspace_id: str, trace_id: str, conversation: str) -> None:
        """Keep that a trace is a turn of a conversation: what either read so far, the other counts as having read.

        Later turns repeat answers of earlier ones. Call it before a turn begins and before its answer is given.
        """
        both = (trace_id, conversation_key(conversation))
        known = self._store.of(workspace_id, both)
        read = frozenset[Tags]().union(*known.values())
        new = {name: read - known.get(name, frozenset()) for name in both if read != known.get(name)}
        if read and new:
            self._store.add(workspace_id, new)
        if both[1] in known:
            self._store.renew(workspace_id, both[1])

    def guarded(self, workspace_id: str, trace_ids: Iterable[str]) -> frozenset[str]:
        """Return those of these traces that read a document with tags."""
        return frozenset(self._store.of(workspace_id, sorted(set(trace_ids))))

    def lacked(self, caller: Caller, trace_ids: Iterable[str | None]) -> frozenset[str]:
        """See `Guards.lacked`."""
        read = self._store.of(caller.workspace_id, sorted({trace_id for trace_id in trace_ids if trace_id}))
        if not read:
            return frozenset()
        access = self._access.access_of(caller)
        return frozenset(trace_id for trace_id, tags in read.items() if not _sees(access, tags))

    def all_lacked(self, caller: Caller) -> frozenset[str]:
        """See `Guards.all_lacked`."""
        kinds = self._store.kinds(caller.workspace_id)
        if not kinds:
            return frozenset()
        access = self._access.access_of(caller)
        lacking = [tags for tags in kinds if not access.allows(tags)]
        return self._store.reading(caller.workspace_id, lacking) if lacking else frozenset()


def conversation_key(conversation: str) -> str:
    """Return the id under which what a conversation read is kept: of the form of a trace's, and no trace's."""
    return sha256(f"conversation:{conversation}".encode()).hexdigest()[:32]


def _sees(access: Access, read: Iterable[Tags]) -> bool:
    return all(access.allows(tags) for tags in read)


def withhold(record: SpanRecord) -> SpanRecord:
    """Return a span without its texts: when it ran, for how long, with which model, tokens, cost and status stay."""
    told: dict[str, Any] = {name: value for name, value in record.attributes.items() if name in _TOLD and _is_plain(value)}
    return replace(
        record,
        status_message=None if record.status_message is None else WITHHELD_SENTENCE,
        attributes={**told, WITHHELD: True},
        events=[SpanEvent(event.name, event.at_ns) for event in record.events],
    )


def withhold_score(score: Score) -> Score:
    """Return a score without what it says in words."""
    return replace(score, label=None, comment=None, attributes={})


def check_seen(guards: Guards, caller: Caller, trace_id: str) -> None:
    """Look whether the caller sees a trace whole.

    Raises:
        WithheldError: it read a document that the caller would not have found.
    """
    if guards.lacked(caller, (trace_id,)):
        raise WithheldError(WITHHELD_SENTENCE)


def seen_search(guards: Guards, caller: Caller, search: Search | None, *, told: bool = False) -> Search | None:
    """Return a search that cannot tell the caller anything of what is withheld from them.

    One that looks into texts finds only traces that they see whole; `told`: so does this one, whatever it looks into.
    """
    if not told and (search is None or not looks_into_texts(search)):
        return search
    lacked = guards.all_lacked(caller)
    if not lacked:
        return search
    others = search.of if isinstance(search, All) else () if search is None else (search,)
    return All((*others, Outside(tuple(sorted(lacked)))))


def looks_into_texts(search: Search) -> bool:
    """Whether whom a search finds depends on what `withhold` takes away."""
    match search:
        case Term():
            return search.field.startswith((ATTRIBUTE, SCORE))
        case Text():
            return True
        case Outside():
            return False
        case Not():
            return looks_into_texts(search.what)
        case All() | AnyOf():
            return any(looks_into_texts(one) for one in search.of)


def _is_plain(value: object) -> bool:
    return isinstance(value, bool | int | float | str)
