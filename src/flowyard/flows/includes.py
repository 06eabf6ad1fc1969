"""``additional_includes``: files and folders beside a flow, seen as if they were in its folder.

| Entry | What the flow sees |
|---|---|
| ``../shared/words.txt`` | ``words.txt`` |
| ``../shared`` (a folder) | ``shared/`` with all below it |
| ``../shared.zip``, not there, and ``../shared`` is a folder | ``shared.zip``, made of that folder |

An included file wins over one of the flow's own of the same path. Nobody's folder is written to: a flow with includes runs in a copy,
and a snapshot has the files in place and the key taken out of the flow's file.
"""

import atexit
import io
import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from flowyard.flows.format.document import read_document
from flowyard.flows.format.paths import is_possible
from flowyard.flows.model import Include

#: Copies that a process keeps for flows that did not change since; older ones are removed.
_COPIES = 64
_SKIPPED = frozenset({"__pycache__", ".git", ".venv", "venv", "node_modules", ".promptflow", ".runs"})

KEY = "additional_includes"

Content = Path | bytes


@dataclass(slots=True)
class Included:
    """What includes add to a folder.

    Attributes:
        files: by the path in the flow's folder, the file it comes from, or its content.
        missing: includes that are not there.
        outside: includes that leave what may be used.
        replaced: paths of the flow's own files that an include replaces, with the include.
    """

    files: dict[str, Content] = field(default_factory=dict[str, Content])
    missing: list[Include] = field(default_factory=list[Include])
    outside: list[Include] = field(default_factory=list[Include])
    replaced: list[tuple[str, Include]] = field(default_factory=list[tuple[str, Include]])


def included(folder: Path, includes: Iterable[Include], root: Path | None) -> Included:
    """Return what `includes` add to the flow in `folder`. With a `root`, only what is below it, links followed, is looked at."""
    found = Included()
    limit = root.resolve() if root is not None else None
    for include in includes:
        if not is_possible(include.path):
            found.missing.append(include)
            continue
        source = (folder / include.path).resolve()
        if limit is not None and not source.is_relative_to(limit):
            found.outside.append(include)
        elif source.suffix == ".zip" and not source.exists() and source.with_suffix("").is_dir():
            _add(found, folder, include, source.name, _zipped(source.with_suffix(""), limit))
        elif source.is_file():
            _add(found, folder, include, source.name, source)
        elif source.is_dir():
            for path, file in _below(source, limit):
                _add(found, folder, include, f"{source.name}/{path}", file)
        else:
            found.missing.append(include)
    return found


def includes_of(text: str, file: str) -> tuple[Include, ...]:
    """Return the includes that the flow file `text` names; none when it cannot be read."""
    if KEY not in text:
        return ()
    document, _ = read_document(text, file)
    entry = (document.mapping or {}).get(KEY) if document is not None else None
    items = entry.value.items if entry is not None else None
    return tuple(Include(str(item.plain()), item.place) for item in items or ())


def without_includes(text: str) -> str:
    """Return the flow file `text` without its ``additional_includes``; everything else stays as it is written."""
    node: Any = cast("Any", yaml).compose(text, Loader=yaml.SafeLoader)
    parts: list[tuple[Any, Any]] = list(node.value)
    place = next((place for place, (key, _) in enumerate(parts) if key.value == KEY), None)
    if place is None:
        return text
    key, value = parts[place]
    if not node.flow_style:
        end = parts[place + 1][0].start_mark.index if place + 1 < len(parts) else value.end_mark.index
        return text[: key.start_mark.index] + text[end:].removeprefix("\n")
    kept = {name: item for name, item in cast("Any", yaml).safe_load(text).items() if name != KEY}
    return cast("Any", yaml).safe_dump(kept, sort_keys=False, allow_unicode=True)


def _add(found: Included, folder: Path, include: Include, path: str, content: Content) -> None:
    if path in found.files or (folder / path).is_file():
        found.replaced.append((path, include))
    found.files[path] = content


def _below(folder: Path, limit: Path | None) -> Iterator[tuple[str, Path]]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED)
        for name in sorted(files):
            file = Path(root, name)
            if file.is_file() and (limit is None or file.resolve().is_relative_to(limit)):
                yield file.relative_to(folder).as_posix(), file


def _zipped(folder: Path, limit: Path | None) -> bytes:
    """Return the folder as an archive with the folder itself inside; the same files give the same bytes."""
    import zipfile

    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{folder.name}/"), b"")
        for path, file in _below(folder, limit):
            entry = zipfile.ZipInfo(f"{folder.name}/{path}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())
    return target.getvalue()


class _Copies:
    """The copies of this process, the longest unused first; all are removed when it ends."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: OrderedDict[object, Path] = OrderedDict()
        atexit.register(self._remove_all)

    def folder(self, source: Path, more: dict[str, Content]) -> Path:
        """Return a folder with the files of `source` and, over them, `more`."""
        import shutil
        import tempfile

        key = (source, _stamp(source, more))
        with self._lock:
            known = self._folders.get(key)
            if known is not None and known.is_dir():
                self._folders.move_to_end(key)
                return known
            made = Path(tempfile.mkdtemp(prefix="flowyard-flow-")).resolve() / source.name
            _copy(source, made, more)
            self._folders[key] = made
            while len(self._folders) > _COPIES:
                shutil.rmtree(self._folders.popitem(last=False)[1].parent, ignore_errors=True)
            return made

    def _remove_all(self) -> None:
        import shutil

        for folder in self._folders.values():
            shutil.rmtree(folder.parent, ignore_errors=True)


_copies = _Copies()


def merged_folder(folder: Path, more: dict[str, Content]) -> Path:
    """Return a folder that has the flow's files and `more`: `folder` itself when there is nothing more, else a copy for this process."""
    return _copies.folder(folder, more) if more else folder


def _stamp(folder: Path, more: dict[str, Content]) -> object:
    own = tuple((path, _state(file)) for path, file in _below(folder, None))
    return own, tuple((path, content if isinstance(content, bytes) else _state(content)) for path, content in more.items())


def _state(file: Path) -> tuple[str, int, int]:
    state = file.stat()
    return str(file), state.st_size, state.st_mtime_ns


def _copy(source: Path, target: Path, more: dict[str, Content]) -> None:
    target.mkdir()
    for path, file in _below(source, None):
        _put(target / path, file)
    for path, content in more.items():
        _put(target / path, content)


def _put(target: Path, content: Content) -> None:
    import shutil

    if target.is_dir():
        shutil.rmtree(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        target.write_bytes(content)
    else:
        shutil.copy2(content, target)
