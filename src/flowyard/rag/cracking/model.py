"""What is asked of a cracking process, and what it answers."""

from dataclasses import dataclass, field
from typing import Literal

from flowyard.foundation.errors import InvalidInputError
from flowyard.rag.model import Document, MetadataValue

#: Why a file was left out: nothing in it, no format that is read, a password, not what it says or cut short, too large as a file or once
#: unpacked, its process took too long or ended, it has text only in pictures and the extra ``ocr`` is not installed, or its source names it
#: and does not give it.
Unread = Literal["empty", "unknown_format", "encrypted", "damaged", "too_large", "too_slow", "crashed", "needs_ocr", "unreachable"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class CrackLimits:
    """What one file may take.

    Attributes:
        bytes: its size.
        unpacked_bytes: the size of what is packed in it (Office files are ZIP archives), as its directory says.
        text_characters: of what comes out.
        memory_mib: of its process, beyond what that takes to begin with.
        seconds: how long it may take.
    """

    bytes: int = 256 * _MIB
    unpacked_bytes: int = 1024 * _MIB
    text_characters: int = 50_000_000
    memory_mib: int = 2048
    seconds: float = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CrackTask:
    """A file to read: where it is, and what it is called where it comes from."""

    path: str
    key: str
    fingerprint: str
    metadata: dict[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A file that was left out, and why: `why` for programs, `message` for people."""

    key: str
    why: Unread
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrackAnswer:
    """What the process answers for one file: one of the two."""

    document: Document | None = None
    unreadable: Unreadable | None = None


class UnreadableError(InvalidInputError):
    """A file cannot be read; the build lists it with its reason and goes on."""

    code = "DocumentUnreadable"
    title = "A document cannot be read"

    def __init__(self, why: Unread, message: str) -> None:
        super().__init__(message, remedy="Leave it out, or give it in another form.")
        self.why: Unread = why
