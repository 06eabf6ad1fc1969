"""The address and key that an installation keeps for its owner on the same machine."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from flowyard.foundation.codecs import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What ``credentials.json`` in the home folder holds (mode 0600)."""

    url: str
    api_key: str = field(repr=False)
    workspace: str = "default"


_given: Credentials | None = None


def give_credentials(credentials: Credentials | None) -> None:
    """Let what this process reads of datastores be read with a key of its own: that of the run, session or deployment it is for."""
    global _given  # noqa: PLW0603 - a process is for one of them
    _given = credentials


def given_credentials() -> Credentials | None:
    """Return the key that this process was given for datastores; None in processes that are for no flow."""
    return _given


def credentials_path(home: Path) -> Path:
    """Return where the owner's credentials of the installation in `home` are."""
    return home / "credentials.json"


def write_credentials(home: Path, credentials: Credentials) -> None:
    """Keep `credentials`, readable by their owner only; the file is there whole or not at all."""
    path = credentials_path(home)
    partial = path.with_suffix(".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(to_json(credentials))
    partial.replace(path)
