"""Uploads in pieces: begun with what will come, sent in any number of requests, gone on with after a break."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadFileCreate:
    """A file that will come: its path in the upload (of a single file its name), and its bytes."""

    path: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadCreate:
    """Begin an upload. With a `key` the same files again go on with what came so far, whoever of the workspace begins."""

    files: tuple[UploadFileCreate, ...]
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """How much of a file came: the next part begins at `received`."""

    path: str
    bytes: int
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An upload on its way. It is dropped at `expires_at` unless more comes. A part has at most `part_bytes`."""

    id: str
    files: tuple[UploadedFile, ...]
    bytes: int
    received: int
    part_bytes: int
    expires_at: str
