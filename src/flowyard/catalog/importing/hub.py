"""The Hugging Face hub's API: https://huggingface.co/docs/hub/api, ``GET /api/models/{repository}/revision/{revision}?blobs=true``."""

import hashlib
import os
from typing import Any, cast
from urllib.parse import quote, urlsplit

import msgspec
import urllib3

from flowyard.catalog.errors import HubRefusedError, SourceFailedError, WrongHashError
from flowyard.catalog.importing.ports import RemoteFile, Repository
from flowyard.catalog.sources.download import HttpAccess, pool_for
from flowyard.catalog.sources.huggingface import hub_url
from flowyard.foundation.version import __version__

_LARGEST_ANSWER, _LARGEST_FILE, _MOST_FILES = 64_000_000, 64_000_000, 20_000
_LOGIN = (
    "Accept its license on its page with your account, make a read token there, keep it in a connection of type custom with the secret "
    "'token', and name the connection: --connection NAME. Without a server, set HF_LOGIN."
)


class HuggingFaceHub:
    """Implements `ModelHub`. ``HF_ENDPOINT`` names a mirror; ``HF_LOGIN`` is used where no token is given."""

    def repository(self, name: str, revision: str, token: str | None) -> Repository:
        """See `ModelHub.repository`."""
        url = f"{hub_url()}/api/models/{name}/revision/{quote(revision, safe='')}?blobs=true"
        try:
            told: Any = msgspec.json.decode(_get(url, name, token, _LARGEST_ANSWER))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise SourceFailedError(f"The hub's answer about {name} is not understood.", remedy="Is HF_ENDPOINT a hub?") from error
        if not isinstance(told, dict):
            raise SourceFailedError(f"The hub's answer about {name} is not understood.", remedy="Is HF_ENDPOINT a hub?")
        return _repository(name, revision, cast("dict[str, Any]", told))

    def read(self, repository: Repository, file: RemoteFile, token: str | None) -> bytes:
        """See `ModelHub.read`."""
        url = f"{hub_url()}/{repository.name}/resolve/{repository.revision}/{quote(file.name)}"
        content = _get(url, repository.name, token, _LARGEST_FILE)
        if file.blob is not None and hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest() != file.blob:
            raise WrongHashError(
                f"{file.name} of {repository.name} is not the file that the hub lists: its git hash differs.",
                remedy="Try again; if it stays so, something on the way changes files (a proxy?).",
            )
        return content


def _get(url: str, name: str, token: str | None, most: int) -> bytes:
    token = token or os.environ.get("HF_LOGIN")
    headers = {"user-agent": f"flowyard/{__version__}"} | ({"authorization": f"Bearer {token}"} if token else {})
    host = urlsplit(url).hostname
    pool = pool_for(url, HttpAccess())
    try:
        answer = pool.request("GET", url, headers=headers, preload_content=False, redirect=True)
        try:
            if answer.status != 200:
                raise _refused(name, answer, has_token=token is not None)
            content = answer.read(most + 1)
        finally:
            answer.close()
    except urllib3.exceptions.HTTPError as error:
        raise SourceFailedError(
            f"The hub at {host} cannot be reached: {type(error).__name__}.",
            remedy="Is there a network? HF_ENDPOINT names a mirror; a model's files can be imported from a folder too.",
        ) from error
    finally:
        pool.clear()
    if len(content) > most:
        raise SourceFailedError(f"The hub's answer about {name} has more than {most:,} bytes.", remedy="Is HF_ENDPOINT a hub?")
    return content


def _refused(name: str, answer: urllib3.BaseHTTPResponse, *, has_token: bool) -> SourceFailedError | HubRefusedError:
    code = answer.headers.get("x-error-code", "")
    if code == "GatedRepo" or answer.status == 403:
        why = "the token's account has not been let in" if has_token else "it is gated: its license must be accepted first"
        return HubRefusedError(f"The hub does not give {name}: {why}.", remedy=_LOGIN)
    if code == "RevisionNotFound":
        return SourceFailedError(f"{name} has no such revision.", remedy="Look at its branches and tags on the hub.")
    if answer.status in {401, 404}:
        # The hub answers 401 for what is not there too: it does not tell what is private.
        if has_token and answer.status == 401:
            return HubRefusedError(f"The hub does not take the token for {name}.", remedy=_LOGIN)
        return HubRefusedError(
            f"The hub has no model {name!r}, or it is private or gated.", remedy=f"Check the name. If it is there: {_LOGIN}"
        )
    return SourceFailedError(f"The hub answers HTTP {answer.status} about {name}.", remedy="Try again later.")


def _repository(name: str, revision: str, told: dict[str, Any]) -> Repository:
    """Return what the answer says; what is missing in it stays unknown."""
    listed: Any = told.get("siblings")
    entries = [mapping(entry) for entry in cast("list[Any]", listed)[:_MOST_FILES]] if isinstance(listed, list) else []
    facts = mapping(told.get("cardData"))
    return Repository(
        name=name,
        revision=text(told.get("sha")) or revision,
        files=tuple(file for file in map(_file, entries) if file is not None),
        gated=told.get("gated") not in {None, False},
        task=text(told.get("pipeline_tag")),
        library=text(told.get("library_name")),
        facts=facts | {key: told[key] for key in ("tags", "safetensors", "gguf") if key in told},
    )


def _file(entry: dict[str, Any]) -> RemoteFile | None:
    name, stored = text(entry.get("rfilename")), mapping(entry.get("lfs"))
    if name is None:
        return None
    size = stored.get("size", entry.get("size"))
    return RemoteFile(
        name=name,
        bytes=size if isinstance(size, int) and size >= 0 else None,
        sha256=text(stored.get("sha256")),
        blob=None if stored else text(entry.get("blobId")),
    )


def mapping(value: Any) -> dict[str, Any]:
    """Return a JSON object, or an empty one for anything else."""
    return dict(cast("dict[str, Any]", value)) if isinstance(value, dict) else {}


def text(value: Any) -> str | None:
    """Return text that is not empty, or None for anything else."""
    return value if isinstance(value, str) and value else None


def texts(value: Any) -> list[str]:
    """Return the texts in a JSON array, or one text as an array of it."""
    if isinstance(value, str):
        return [value]
    return [item for item in cast("list[Any]", value) if isinstance(item, str)] if isinstance(value, list) else []
