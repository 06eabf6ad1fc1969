"""Authoring folders: the flows that a workspace's people edit, on the server's disk."""

import hashlib
import os
import re
import shutil
import threading
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from flowyard.flows.errors import (
    FileChangedError,
    FlowExistsError,
    FlowFileNotFoundError,
    FlowNotFoundError,
    InvalidFlowError,
    TooLargeError,
)
from flowyard.flows.folders import digest, flow_files, inside
from flowyard.flows.model import FLEX_FILE, FLOW_FILE, PROMPTY_SUFFIX, FlowOptions
from flowyard.flows.rules import validate
from flowyard.flows.templates import template_files
from flowyard.foundation.clock import to_rfc3339
from flowyard.foundation.errors import InvalidInputError, nearest
from flowyard.wire.flows import Flow, FlowFile, FlowKind

FILE_LIMIT = 4 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


class FlowStore:
    """The flows of all workspaces, in ``<root>/<workspace>/flows/<flow>/``.

    Files are replaced in one step, and only when nobody changed them in between: writers say which version they had in hand.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()

    @property
    def root(self) -> Path:
        """The folder of all workspaces."""
        return self._root

    def list(self, workspace: str) -> tuple[Flow, ...]:
        """Return the workspace's flows, by name."""
        home = self._home(workspace)
        if not home.is_dir():
            return ()
        found = sorted(folder for folder in home.iterdir() if folder.is_dir() and not folder.is_symlink() and _NAME.fullmatch(folder.name))
        return tuple(_describe(folder) for folder in found)

    def get(self, workspace: str, flow: str) -> Flow:
        """Return one flow.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        return _describe(self.folder(workspace, flow))

    def folder(self, workspace: str, flow: str) -> Path:
        """Return a flow's folder.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        folder = self._home(workspace) / flow
        if not _NAME.fullmatch(flow) or not folder.is_dir() or folder.is_symlink():
            home = self._home(workspace)
            names = [entry.name for entry in home.iterdir() if _NAME.fullmatch(entry.name)] if home.is_dir() else []
            near = nearest(flow, names)
            raise FlowNotFoundError(
                f"There is no flow {flow!r} in workspace {workspace!r}.",
                remedy=f"Did you mean {near!r}?" if near else "Make it under Flows in the studio, or by the API: POST /flows.",
            )
        return folder

    def create(self, workspace: str, flow: str, template: str, index: str | None = None) -> Flow:
        """Make a flow from a template; one about documents asks `index`.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
            FlowNotFoundError: there is no such template.
        """
        return self.add(workspace, flow, template_files(template, index))

    def add(self, workspace: str, flow: str, files: dict[str, bytes]) -> Flow:
        """Make a flow of these files.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
        """
        folder = self._free(workspace, flow)
        fresh = folder.parent / f".{flow}-{uuid.uuid4().hex}"
        try:
            write_files(fresh, files)
            fresh.rename(folder)
        except OSError as error:
            if not folder.exists():
                raise
            raise _taken(flow) from error
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return _describe(folder)

    def check_free(self, workspace: str, flow: str) -> None:
        """Look whether a flow can be made under a name.

        Raises:
            InvalidInputError: the name is none.
            FlowExistsError: it is taken.
        """
        if self._free(workspace, flow).exists():
            raise _taken(flow)

    def rename(self, workspace: str, flow: str, name: str) -> Flow:
        """Give a flow another name.

        Raises:
            FlowNotFoundError: there is none of that name.
            InvalidInputError: the new name is none.
            FlowExistsError: it is taken.
        """
        folder, to = self.folder(workspace, flow), self._free(workspace, name)
        with self._lock:
            if to.exists():
                raise _taken(name)
            folder.rename(to)
        return _describe(to)

    def delete(self, workspace: str, flow: str) -> None:
        """Delete a flow with all its files.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        folder = self.folder(workspace, flow)
        trash = folder.parent / f".{flow}-{uuid.uuid4().hex}"
        folder.rename(trash)
        shutil.rmtree(trash)

    def files(self, workspace: str, flow: str) -> tuple[FlowFile, ...]:
        """Return the flow's files without their contents.

        Raises:
            FlowNotFoundError: there is none of that name.
        """
        folder = self.folder(workspace, flow)
        return tuple(FlowFile(path=path, bytes=file.stat().st_size, etag=etag(file.read_bytes())) for path, file in flow_files(folder))

    def read(self, workspace: str, flow: str, path: str) -> FlowFile:
        """Return one file; its content is None when it is no UTF-8 text, or has more than `FILE_LIMIT` bytes.

        Raises:
            FlowNotFoundError, FlowFileNotFoundError: it is not there.
            UnsafePathError: the path leaves the folder.
        """
        content = _content(inside(self.folder(workspace, flow), path), path)
        try:
            text = content.decode("utf-8") if len(content) <= FILE_LIMIT else None
        except UnicodeDecodeError:
            text = None
        return FlowFile(path=path, bytes=len(content), etag=etag(content), content=text)

    def write(self, workspace: str, flow: str, path: str, content: str, *, expected: str | None, absent: bool = False) -> FlowFile:
        """Replace or make a file.

        Args:
            workspace: the workspace's name.
            flow: the flow's name.
            path: the file's path in the flow's folder.
            content: its new text.
            expected: the etag of the version that the writer had in hand; None replaces whatever is there.
            absent: the file must not be there yet.

        Raises:
            FlowNotFoundError: there is no such flow.
            FileChangedError: the file is another version, gone, or there although it should not be.
            TooLargeError: it has more than `FILE_LIMIT` bytes.
            UnsafePathError: the path leaves the folder.
        """
        data = content.encode("utf-8")
        if len(data) > FILE_LIMIT:
            raise TooLargeError(f"{path!r} has {len(data)} bytes; at most {FILE_LIMIT} are kept.", remedy="Keep data outside of the flow.")
        file = inside(self.folder(workspace, flow), path)
        with self._unchanged(file, path, expected, absent=absent):
            if file.is_dir():
                raise InvalidInputError(f"{path!r} is a folder.", remedy="Choose another path.")
            try:
                _replace(file, data)
            except (NotADirectoryError, FileExistsError) as error:
                raise InvalidInputError(f"{path!r} goes through a file.", remedy="Choose another path.") from error
        return FlowFile(path=path, bytes=len(data), etag=etag(data), content=content)

    def delete_file(self, workspace: str, flow: str, path: str, *, expected: str | None) -> None:
        """Delete a file, and the folders that it leaves empty.

        Raises:
            FlowNotFoundError, FlowFileNotFoundError: it is not there.
            FileChangedError: it is another version than `expected`.
            UnsafePathError: the path leaves the folder.
        """
        folder = self.folder(workspace, flow)
        file = inside(folder, path)
        _content(file, path)
        with self._unchanged(file, path, expected):
            file.unlink()
            _drop_empty(file.parent, folder)

    def replace(self, workspace: str, flow: str, files: dict[str, bytes | None]) -> None:
        """Write these files and delete those that are None, and the folders that they leave empty.

        Raises:
            FlowNotFoundError: there is no such flow.
            UnsafePathError: a path leaves the folder.
        """
        folder = self.folder(workspace, flow)
        with self._lock:
            for path, content in files.items():
                file = inside(folder, path)
                if content is None:
                    file.unlink(missing_ok=True)
                    _drop_empty(file.parent, folder)
            for path, content in files.items():
                if content is not None:
                    _replace(inside(folder, path), content)

    def _free(self, workspace: str, flow: str) -> Path:
        """Return the folder that a new flow gets (InvalidInputError: its name is none)."""
        if not _NAME.fullmatch(flow):
            raise InvalidInputError(
                f"{flow!r} is no name for a flow.", remedy="Use letters, digits, '.', '_' and '-', a letter or digit first, at most 100."
            )
        return self._home(workspace) / flow

    @contextmanager
    def _unchanged(self, file: Path, path: str, expected: str | None, *, absent: bool = False) -> Generator[None]:
        """Hold the store's lock while `file` is the version that the writer expects."""
        with self._lock:
            present = etag(file.read_bytes()) if file.is_file() else None
            if (absent and present is not None) or (expected is not None and expected != present):
                raise FileChangedError(
                    f"{path!r} is not the version that you had." if present else f"{path!r} is no longer there.",
                    remedy="Read it again, bring your changes in, and write with its new ETag.",
                    extra={"etag": present},
                )
            yield

    def _home(self, workspace: str) -> Path:
        if not _NAME.fullmatch(workspace):
            raise InvalidInputError(
                f"{workspace!r} is no name of a workspace.", remedy="Use letters, digits, '.', '_' and '-', at most 100."
            )
        return self._root / workspace / "flows"


def etag(content: bytes) -> str:
    """Return the version of a file: the SHA-256 of its content."""
    return hashlib.sha256(content).hexdigest()


def write_files(folder: Path, files: dict[str, bytes]) -> None:
    """Write `files` below `folder`, making what folders are missing."""
    for path, content in files.items():
        file = inside(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _taken(flow: str) -> FlowExistsError:
    return FlowExistsError(f"There is a flow {flow!r} already.", remedy="Choose another name, or delete it first.")


def _drop_empty(parent: Path, folder: Path) -> None:
    while parent != folder and parent.is_dir() and not any(parent.iterdir()):
        parent.rmdir()
        parent = parent.parent


def _replace(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{uuid.uuid4().hex}.tmp~")
    try:
        with fresh.open("wb") as target:
            target.write(data)
            target.flush()
            os.fsync(target.fileno())
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)


def _content(file: Path, path: str) -> bytes:
    if not file.is_file():
        raise FlowFileNotFoundError(f"There is no file {path!r} in the flow.", remedy="GET .../files lists them.")
    return file.read_bytes()


def _describe(folder: Path) -> Flow:
    changed = max((file.stat().st_mtime_ns for _, file in flow_files(folder)), default=folder.stat().st_mtime_ns)
    try:
        spec, findings = validate(folder, FlowOptions(root=folder.parent))
    except (FlowNotFoundError, InvalidFlowError):
        spec, findings = None, ()
    errors = sum(finding.severity == "error" for finding in findings)
    return Flow(
        name=folder.name,
        kind=spec.kind if spec else _kind(folder),
        purpose=spec.purpose if spec else "standard",
        description=spec.description if spec else None,
        updated_at=to_rfc3339(changed),
        digest=digest(folder, folder.parent),
        nodes=len(spec.nodes) if spec else 0,
        errors=errors if spec else max(errors, 1),
    )


def _kind(folder: Path) -> FlowKind:
    """Return the kind of a flow that cannot be read, by its file's name."""
    if (folder / FLOW_FILE).is_file():
        return "dag"
    if (folder / FLEX_FILE).is_file():
        return "flex"
    return "prompty" if next(folder.glob(f"*{PROMPTY_SUFFIX}"), None) is not None else "dag"


__all__ = ["FILE_LIMIT", "FLOW_FILE", "FlowStore", "etag", "write_files"]
