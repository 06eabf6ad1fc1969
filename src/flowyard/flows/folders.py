"""A flow's folder as files: which count, their hash, paths that stay inside."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from flowyard.flows.errors import TooLargeError, UnsafePathError

IGNORED = frozenset(
    {
        "__pycache__",
        ".git",
        ".ipynb_checkpoints",
        ".venv",
        "venv",
        "node_modules",
        ".promptflow",
        ".runs",
        ".pytest_cache",
        ".mypy_cache",
        ".ruff_cache",
    }
)
_FLOW_FILES = ("flow.dag.yaml", "flow.flex.yaml")
_INCLUDES = b"additional_includes"
FOLDER_LIMIT = 256 * 1024 * 1024
FILES_LIMIT = 10_000


def flow_files(folder: Path, *, links: bool = False) -> Iterator[tuple[str, Path]]:
    """Yield the files that belong to the flow in `folder`, by their path in it, sorted; caches and environments are left out.

    `links`: with those that are links to files.
    """
    for path in _paths_in(str(folder), "", links=links):
        yield path, folder / path


def _paths_in(folder: str, before: str, *, links: bool) -> Iterator[str]:
    """Yield the paths of a folder's files, then of those in its folders: what a name is, is asked with the names, not for each."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:  # it went meanwhile, or may not be read
        return
    inner: list[os.DirEntry[str]] = []
    for entry in entries:
        if entry.is_dir():
            if entry.name not in IGNORED and not entry.is_symlink():
                inner.append(entry)
        elif not entry.name.endswith((".pyc", ".tmp~")) and (not entry.is_symlink() or (links and entry.is_file())):
            yield before + entry.name
    for entry in inner:
        yield from _paths_in(entry.path, f"{before}{entry.name}/", links=links)


def digest(folder: Path, root: Path | None = None) -> str:
    """Return the SHA-256 over names and contents of the flow's files, as a snapshot of it has them: 64 hex digits.

    `root`: as for `read_files`.
    """
    return files_digest(_with_includes(folder, {path: file.read_bytes() for path, file in flow_files(folder, links=root is None)}, root))


def files_digest(files: dict[str, bytes]) -> str:
    """Return the digest that a folder with these files has."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return whole.hexdigest()


def quick_stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return name, size and time of change of every file: equal as long as nothing was written."""
    return tuple((path, (state := file.stat()).st_size, state.st_mtime_ns) for path, file in flow_files(folder))


def safe_path(path: str) -> PurePosixPath:
    """Return `path` as a relative path without tricks.

    Raises:
        UnsafePathError: it is empty or absolute, has ``..``, a backslash, a control character, or an ignored folder in it.
    """
    parts = path.split("/")
    bad = not path or len(path) > 400 or "\\" in path or any(ord(char) < 32 for char in path)
    if bad or any(part in {"", ".", ".."} or len(part) > 200 for part in parts) or path.startswith("/"):
        raise UnsafePathError(f"{path!r} is no path inside a flow's folder.", remedy="Give a relative path such as prompts/ask.jinja2.")
    if IGNORED.intersection(parts):
        raise UnsafePathError(f"{path!r} is in a folder that does not belong to the flow.", remedy="Choose another place.")
    return PurePosixPath(path)


def inside(folder: Path, path: str) -> Path:
    """Return the file that `path` names in `folder`; no part of the way is a link.

    Raises:
        UnsafePathError: it is no such path.
    """
    current = folder
    for part in safe_path(path).parts:
        current = current / part
        if current.is_symlink():
            raise UnsafePathError(f"{path!r} goes through a link.", remedy="Replace the link by the file itself.")
    return current


def read_files(folder: Path, root: Path | None = None) -> dict[str, bytes]:
    """Return the contents of the flow's files by path, what it includes among them.

    Args:
        folder: the flow's folder.
        root: files outside the folder are included only from below this, and links left out; None: from wherever this process can read.

    Raises:
        TooLargeError: there are too many, or they are too large together.
    """
    files: dict[str, bytes] = {}
    size = 0
    for path, file in flow_files(folder, links=root is None):
        size += file.stat().st_size
        check_size(len(files) + 1, size)
        files[path] = file.read_bytes()
    whole = _with_includes(folder, files, root)
    check_size(len(whole), sum(map(len, whole.values())))
    return whole


def _with_includes(folder: Path, files: dict[str, bytes], root: Path | None) -> dict[str, bytes]:
    """Put the files that the flow includes where it sees them; its own file then names no includes."""
    for name in _FLOW_FILES:
        if _INCLUDES not in files.get(name, b""):
            continue
        from flowyard.flows.includes import included, includes_of, without_includes  # YAML and what reads it: few flows need it here

        text = files[name].decode("utf-8-sig", errors="replace")
        includes = includes_of(text, name)
        found = included(folder, includes, root)
        if includes and not found.missing and not found.outside:
            more = {path: content if isinstance(content, bytes) else content.read_bytes() for path, content in found.files.items()}
            return {**files, **more, name: without_includes(text).encode()}
    return files


def check_size(files: int, size: int) -> None:
    """Raise TooLargeError when a flow has more than `FILES_LIMIT` files or `FOLDER_LIMIT` bytes."""
    if files > FILES_LIMIT or size > FOLDER_LIMIT:
        raise TooLargeError(
            f"The flow's folder has more than {FILES_LIMIT} files or {FOLDER_LIMIT // 1024 // 1024} MiB.",
            remedy="Keep data outside and pass it as an input; .venv, .git and caches do not count.",
        )
