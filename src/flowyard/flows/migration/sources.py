"""Where flows come from: a folder, or the zip archive that an export is. Archives are not trusted."""

import os
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from flowyard.flows.errors import FlowNotFoundError, TooLargeError, UnsafePathError
from flowyard.flows.find import FlowFile, find_flow
from flowyard.flows.folders import FILES_LIMIT, FOLDER_LIMIT, IGNORED, safe_path
from flowyard.flows.model import FLEX_FILE, FLOW_FILE, PROMPTY_SUFFIX
from flowyard.foundation.errors import InvalidInputError

_FLOW_FILES = (FLOW_FILE, "flow.dag.yml", FLEX_FILE, "flow.flex.yml")
_CHUNK = 1024 * 1024
#: More than this, and an archive is made to fill a disk.
_RATIO_LIMIT = 200


def flows_in(folder: Path) -> tuple[FlowFile, ...]:
    """Return every flow at or below `folder`, or the flow that it is; a ``.prompty`` beside a flow file is a part of that flow.

    Raises:
        FlowNotFoundError: there is none.
    """
    if not folder.is_dir():
        return (find_flow(folder),)
    found = tuple(_walk(folder))
    if not found:
        raise FlowNotFoundError(
            f"There is no flow in {str(folder)!r}: no {FLOW_FILE}, no {FLEX_FILE}, no {PROMPTY_SUFFIX} file.",
            remedy="Name a flow's folder, or one with flows below it.",
        )
    return found


def _walk(folder: Path) -> Iterator[FlowFile]:
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in IGNORED)
        named = [name for name in _FLOW_FILES if name in files]
        if named:
            folders.clear()  # what is below belongs to this flow
        for name in named or sorted(name for name in files if name.endswith(PROMPTY_SUFFIX)):
            yield find_flow(Path(root, name))


def unpack(archive: Path, target: Path) -> None:
    """Write the files of a zip archive into the folder `target`.

    Raises:
        InvalidInputError: it is no zip archive, or encrypted, or damaged.
        UnsafePathError: it has a link, or a path that leaves the folder.
        TooLargeError: it has more than 10,000 files or 256 MiB unpacked, or is packed beyond all likelihood.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            _write_all(opened, target)
    except FileNotFoundError as error:
        raise InvalidInputError(f"There is no file {str(archive)!r}.", remedy="Name the zip file of the export.") from error
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as error:
        raise InvalidInputError(
            f"{str(archive)!r} is no zip archive that can be read: {error}.", remedy="Export the flow again, as a zip file."
        ) from error


def _write_all(archive: zipfile.ZipFile, target: Path) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > FILES_LIMIT:
        raise _too_large(f"{len(entries)} files")
    left = FOLDER_LIMIT
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnsafePathError(f"The archive has a link: {entry.filename!r}.", remedy="Replace the link by the file itself.")
        if IGNORED.intersection(entry.filename.split("/")):
            continue
        if entry.file_size > _CHUNK and entry.file_size > entry.compress_size * _RATIO_LIMIT:
            raise _too_large(f"{entry.filename!r}, packed {entry.file_size // max(entry.compress_size, 1)} times smaller")
        file = target / safe_path(entry.filename)
        file.parent.mkdir(parents=True, exist_ok=True)
        left -= _write_one(archive, entry, file, left)


def _write_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path, left: int) -> int:
    """Write a member, and return its size: what comes counts, not what the archive says of itself."""
    size = 0
    with archive.open(entry) as member, file.open("xb") as out:
        while chunk := member.read(_CHUNK):
            size += len(chunk)
            if size > left:
                raise _too_large(f"more than {FOLDER_LIMIT // _CHUNK} MiB")
            out.write(chunk)
    return size


def _too_large(what: str) -> TooLargeError:
    return TooLargeError(f"The archive has {what}.", remedy="Leave data out of it, or unpack it yourself and import the folder.")
