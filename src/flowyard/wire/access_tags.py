"""Access tags: which documents of indexes a member, a key or an endpoint may see."""

from dataclasses import dataclass
from typing import Literal

HolderKind = Literal["user", "key", "endpoint"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTags:
    """Somebody's tags: they see documents without tags, and those that have one of these. `everything`: all of them, as an owner."""

    kind: HolderKind
    name: str
    tags: tuple[str, ...]
    everything: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTagsUpdate:
    """Let somebody have these tags and no others."""

    tags: tuple[str, ...]
