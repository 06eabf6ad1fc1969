"""What is known of gathered documents besides their files: a hidden file of JSON lines beside them, one line a document."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.rag.model import MetadataValue

#: Hidden, so that it is neither a document nor rows of data.
FILE = ".documents.jsonl"
#: So many documents are gathered at once, at most, and so many bytes.
MOST_DOCUMENTS, MOST_BYTES = 100_000, 4 * 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One document.

    Attributes:
        file: its file's path below the folder, which is its key; of one that could not be had, what names it.
        metadata: is kept with each of its chunks, and can be filtered by.
        url: where it was.
        etag: by which its server tells its content from others (RFC 9110), if it does.
        modified: the server's ``Last-Modified``, if it tells.
        problem: why it could not be had; there is no file then.
    """

    file: str
    metadata: dict[str, MetadataValue] = field(default_factory=dict[str, MetadataValue])
    url: str | None = None
    etag: str | None = None
    modified: str | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """The entries by their file."""

    entries: dict[str, ManifestEntry] = field(default_factory=dict[str, ManifestEntry])

    @classmethod
    def of(cls, entries: Iterable[ManifestEntry]) -> "Manifest":
        """Return a manifest of these, in the order of their files."""
        return cls({entry.file: entry for entry in sorted(entries, key=lambda entry: entry.file)})

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Return the manifest of a folder; an empty one where it has none."""
        path = folder / FILE
        if not path.is_file():
            return cls()
        with path.open("rb") as lines:
            return cls.of(decode(line, ManifestEntry) for line in lines)

    def write(self, folder: Path) -> None:
        """Write it to a folder; an empty one is no file."""
        if not self.entries:
            return
        with (folder / FILE).open("wb") as file:
            file.writelines(to_json(plain(entry)) + b"\n" for entry in self.entries.values())
