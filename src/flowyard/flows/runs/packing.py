"""Data on its way to a server: the files of a folder, or a file with the images that it names; and an archive of many files."""

import csv
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

from flowyard.data.errors import DataError
from flowyard.flows.folders import IGNORED
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError

_IMAGE_KEY = re.compile(r"data:image/[^;]+;path")
#: Formats whose values cannot be looked into without the packages of the server; images beside them are not found.
_CLOSED = frozenset({".parquet"})


def files_of(path: Path) -> tuple[list[tuple[str, Path]], str | None]:
    """Return the files of the data at `path` under their names: of a folder, or a file with the images that its rows name.

    With images the second is the file's name among them.

    Raises:
        DataError: there is nothing at `path`.
    """
    if path.is_dir():
        return [(file.relative_to(path).as_posix(), file) for file in _files(path)], None
    if not path.is_file():
        raise DataError(f"There is no data at {str(path)!r}.", remedy="Give a file or a folder: --data rows.jsonl")
    images = sorted(_images(path))
    return [(path.name, path), *((image, path.parent / image) for image in images)], path.name if images else None


def archive_of(files: list[tuple[str, Path]]) -> IO[bytes]:
    """Return files under their names as a zip archive, which the caller closes."""
    body = tempfile.TemporaryFile()  # noqa: SIM115 - it is sent by the caller, who closes it
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, path in files:
            archive.write(path, name)
    body.seek(0)
    return body


def _files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and not IGNORED.intersection(file.relative_to(folder).parts):
            yield file


def _images(path: Path) -> set[str]:
    """Return the paths, relative to the data's folder, of the image files that its rows name and that are below that folder."""
    found: set[str] = set()
    if path.suffix.lower() in _CLOSED:
        return found
    root = path.parent.resolve()
    for value in _values(path):
        for name in _image_paths(value):
            file = (root / name).resolve()
            if file.is_relative_to(root) and file.is_file():
                found.add(file.relative_to(root).as_posix())
    return found


def _values(path: Path) -> Iterator[Any]:
    """Yield the values of a data file as far as they can be read; what cannot, the run says."""
    kind = path.suffix.lower()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        if kind in {".csv", ".tsv"}:
            for row in csv.reader(file, delimiter="\t" if kind == ".tsv" else ","):
                yield from (_json(cell) for cell in row if cell.startswith(("{", "[")))
        elif kind == ".json":
            yield _json(file.read())
        else:
            yield from (_json(line) for line in file if "image" in line)


def _json(text: str) -> Any:
    try:
        return from_json(text)
    except InvalidInputError:
        return None


def _image_paths(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _image_paths(item)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, Any]", value).items():
            if isinstance(item, str) and (_IMAGE_KEY.fullmatch(key) or (key == "path" and "type" not in value)):
                yield item
            else:
                yield from _image_paths(item)
