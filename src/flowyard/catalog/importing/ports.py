"""What a place is that models are imported from."""

from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """A file of a repository. `sha256` is None for small files, which a hub knows by git's SHA-1 only (`blob`)."""

    name: str
    bytes: int | None
    sha256: str | None = None
    blob: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A repository at one revision, and what its card says. `facts` are the card's own words, unchecked."""

    name: str
    revision: str
    files: tuple[RemoteFile, ...]
    gated: bool = False
    task: str | None = None
    library: str | None = None
    facts: dict[str, Any] = field(default_factory=dict[str, Any])


class ModelHub(Protocol):
    """A place of repositories."""

    def repository(self, name: str, revision: str, token: str | None) -> Repository:
        """Return what a repository has at a revision (a branch, a tag or a commit).

        Raises:
            HubRefusedError: it is gated or private, and the token opens it not.
            SourceFailedError: there is none of this name, or the hub does not answer.
        """
        ...

    def read(self, repository: Repository, file: RemoteFile, token: str | None) -> bytes:
        """Return the content of a small file, compared with git's hash of it.

        Raises:
            HubRefusedError, SourceFailedError: as above.
            WrongHashError: it is not the file that the hub lists.
        """
        ...
