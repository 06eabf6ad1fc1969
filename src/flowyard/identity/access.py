"""Access tags: who may see which documents. `AccessTagService.access_of` decides; everything else takes its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.audit import audit_record
from flowyard.identity.errors import HolderNotFoundError, RoleTooHighError
from flowyard.identity.model import AuditRecord, Caller
from flowyard.identity.permissions import covers
from flowyard.wire.access_tags import AccessTags, HolderKind
from flowyard.wire.identity import Role

_MOST, _LONGEST = 100, 100


@dataclass(frozen=True, slots=True)
class Access:
    """What a caller may find: documents without tags, and those that have one of `tags`. It has no default, so that none is forgotten.

    `everything` is for owners of the workspace, and for the work of the platform itself.
    """

    tags: frozenset[str]
    everything: bool = False

    def allows(self, tags: Sequence[str]) -> bool:
        """Return whether a document with these tags may be found."""
        return self.everything or not tags or not self.tags.isdisjoint(tags)

    def narrowed(self, tags: Sequence[str] | None) -> "Access":
        """Return what of this somebody may find who has these tags; None: all of it."""
        if tags is None:
            return self
        return Access(frozenset(tags) if self.everything else self.tags & frozenset(tags))

    def shown(self, tags: Sequence[str]) -> tuple[str, ...]:
        """Return those of a document's tags that may be told: the caller's own."""
        return tuple(tag for tag in tags if self.everything or tag in self.tags)


#: For owners, and the platform's own work: see `Access`.
EVERYTHING = Access(frozenset(), everything=True)
#: What has no tags.
UNTAGGED = Access(frozenset())


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has tags: a user, a key or an endpoint, by its id."""

    kind: HolderKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def of(cls, caller: Caller) -> "Holder | None":
        """Return whose tags count: the caller's own, or of a process's key those of whom the process works for. None: nobody's."""
        told = caller.acts_for or ("" if caller.scope else f"{caller.kind}:{caller.id}")
        kind, _, ident = told.partition(":")
        return cls(kind, ident) if kind in ("user", "key", "endpoint") and ident else None


def acts_for(caller: Caller) -> str | None:
    """Return what the key of a process that works for the caller is issued with."""
    holder = Holder.of(caller)
    return None if holder is None else str(holder)


@dataclass(frozen=True, slots=True)
class HeldTags:
    """What a holder has: its tags, and its role in the workspace. `role` None: an endpoint, or who is no more."""

    tags: frozenset[str]
    role: Role | None


class AccessTagStore(Protocol):
    """Keeps the tags of holders."""

    def find(self, workspace_id: str, kind: HolderKind, name: str) -> Holder | None:
        """Return the member, the unrevoked key of a person, or the endpoint of this name."""
        ...

    def get(self, workspace_id: str, holder: Holder) -> HeldTags:
        """Return what a holder has at present. Who is no member any more, or a key that opens nothing, has nothing."""
        ...

    def all(self, workspace_id: str) -> list[tuple[HolderKind, str, HeldTags]]:
        """Return members, active keys of people, and endpoints that have tags, by kind and name."""
        ...

    def put(self, workspace_id: str, holder: Holder, tags: frozenset[str], audit: AuditRecord) -> None:
        """Let a holder have these tags and no others."""
        ...


class AccessTagService:
    """Who has which tags, and what they see by them."""

    def __init__(self, store: AccessTagStore) -> None:
        self._store = store

    def access_of(self, caller: Caller) -> Access:
        """Return which documents the caller may see, as it is now.

        An owner sees everything. Others see what has no tags, and what has one of theirs. The key of a run or a session sees what the
        one sees who began it; that of a deployment by the tags of its endpoint.
        """
        holder = Holder.of(caller)
        if holder is None:
            return UNTAGGED
        if not caller.acts_for and caller.role == "owner":
            return EVERYTHING
        held = self._store.get(caller.workspace_id, holder)
        return EVERYTHING if held.role == "owner" else Access(held.tags)

    def list(self, caller: Caller) -> tuple[AccessTags, ...]:
        """Return the tags of members, keys and endpoints."""
        return tuple(_told(kind, name, held) for kind, name, held in self._store.all(caller.workspace_id))

    def get(self, caller: Caller, kind: HolderKind, name: str) -> AccessTags:
        """Return somebody's tags.

        Raises:
            HolderNotFoundError: there is nobody of this name.
        """
        return _told(kind, name, self._store.get(caller.workspace_id, self._found(caller, kind, name)))

    def set(self, caller: Caller, kind: HolderKind, name: str, tags: Sequence[str]) -> AccessTags:
        """Let somebody have these tags and no others; it takes effect at once.

        Raises:
            HolderNotFoundError: there is nobody of this name.
            InvalidInputError: a text is no tag, or they are too many.
            RoleTooHighError: the caller has not all that would be given, or the key has rights that the caller has not.
        """
        wanted = _checked(tags)
        holder = self._found(caller, kind, name)
        present = self._store.get(caller.workspace_id, holder)
        if kind == "key" and present.role is not None and not covers(caller.role, present.role):
            raise RoleTooHighError(
                f"Your role is {caller.role}, which may not change a key with the role {present.role}.",
                remedy="Ask an owner of the workspace to change it.",
            )
        lacking = self._lacking(caller, wanted - present.tags)
        if lacking is not None:
            raise RoleTooHighError(
                f"You do not have the access tag {lacking!r}, so you cannot give it.", remedy="Ask an owner of the workspace."
            )
        audit = audit_record(caller, f"{kind}.access", f"{kind}s/{name}", {"tags": sorted(wanted), "was": sorted(present.tags)})
        self._store.put(caller.workspace_id, holder, wanted, audit)
        return _told(kind, name, HeldTags(wanted, present.role))

    def check_deploys(self, caller: Caller, endpoint: str) -> None:
        """Look whether the caller may say what an endpoint does: what they deploy sees documents by its tags.

        Raises:
            RoleTooHighError: the endpoint has a tag that the caller has not.
        """
        holder = self._store.find(caller.workspace_id, "endpoint", endpoint)
        lacking = None if holder is None else self._lacking(caller, self._store.get(caller.workspace_id, holder).tags)
        if lacking is not None:
            raise RoleTooHighError(
                f"The endpoint {endpoint!r} has the access tag {lacking!r}, which you have not: what you deploy would see more than you.",
                remedy="Deploy to another endpoint, or ask an owner of the workspace.",
            )

    def _lacking(self, caller: Caller, tags: frozenset[str]) -> str | None:
        mine = self.access_of(caller)
        return None if mine.everything else next(iter(sorted(tags - mine.tags)), None)

    def _found(self, caller: Caller, kind: HolderKind, name: str) -> Holder:
        holder = self._store.find(caller.workspace_id, kind, name)
        if holder is None:
            raise HolderNotFoundError(f"There is no {kind} {name[:120]!r} in this workspace.", remedy=f"flowyard {kind} list shows them.")
        return holder


def _told(kind: HolderKind, name: str, held: HeldTags) -> AccessTags:
    return AccessTags(kind=kind, name=name, tags=tuple(sorted(held.tags)), everything=held.role == "owner")


def _checked(tags: Sequence[str]) -> frozenset[str]:
    for tag in tags:
        if not 0 < len(tag) <= _LONGEST or tag != tag.strip() or "," in tag or not tag.isprintable():
            raise InvalidInputError(
                f"{tag[:120]!r} is no access tag.",
                remedy=f"Use 1 to {_LONGEST} characters without commas, and no blank at an end.",
                location=Location(pointer="/tags"),
            )
    if len(set(tags)) > _MOST:
        raise InvalidInputError(f"These are {len(set(tags))} tags.", remedy=f"Give at most {_MOST}.", location=Location(pointer="/tags"))
    return frozenset(tags)
