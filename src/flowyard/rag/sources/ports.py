"""What a source of documents does, and what is told of it meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from flowyard.rag.sources.manifest import Manifest

#: Is told how many documents there are by now, and what is read at the moment; raises when the work is to end.
Watch = Callable[[int, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What was gathered of the same source the last time: its folder, the manifest in it, and the `stamp` it had then."""

    folder: Path
    manifest: Manifest
    stamp: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What is in the folder now.

    Attributes:
        manifest: what is known of the documents besides their files.
        stamp: tells this state of the source from others (a commit); None where only the files do.
    """

    manifest: Manifest = field(default_factory=Manifest)
    stamp: str | None = None


class DocumentSource(Protocol):
    """A place that documents are gathered from. All methods block."""

    def stamp(self) -> str | None:
        """Return what tells the source's present state from others, where that is known without reading it; else None.

        Raises:
            FlowyardError: the source does not answer.
        """
        ...

    def gather(self, folder: Path, before: Before | None, watch: Watch) -> Gathered:
        """Write all documents to files below `folder`, which is empty. The same content has the same name and bytes each time.

        A document that cannot be had is listed in the manifest with its reason, and the rest goes on.

        Args:
            folder: where to.
            before: the last time, so that what did not change need not be transferred again.
            watch: is called for each document, and at least once a second.

        Raises:
            FlowyardError: the source does not answer, or refuses.
            InvalidInputError: there is nothing, or more than is read at once.
        """
        ...

    def parameters(self) -> dict[str, Any]:
        """Return what the data asset's origin shows, always the same keys: two sources with equal values have the same documents."""
        ...
