"""What supervised processes write: one file a name, rotated by size, and the last lines in memory."""

import re
from collections import deque
from io import FileIO
from pathlib import Path
from typing import Any, cast

from flowyard.foundation.codecs import decode
from flowyard.foundation.errors import FlowyardError
from flowyard.tracing.process_log import json_line

MAX_BYTES = 5_000_000
KEPT_LINES = 1000
_SHOWN_AGAIN = 200
_LONGEST_LINE = 16_384
_SECRET_NAME = re.compile(r"key|secret|token|password|credential", re.IGNORECASE)
_SHORTEST_SECRET = 12


class ProcessLog:
    """Takes what one process writes, line by line. A full file becomes ``<name>.log.1``; only one such is kept.

    It begins with the last lines that an earlier process of the name left in the file. With `json_as`, the process's name, every line of
    the file is a JSON object: a line that is none becomes the ``message`` of one. The last lines are kept as they came.
    """

    def __init__(self, path: Path, *, max_bytes: int = MAX_BYTES, json_as: str | None = None) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._max_bytes = max_bytes
        self._json_as = json_as
        self._lines: deque[str] = deque(read_tail(path, _SHOWN_AGAIN), maxlen=KEPT_LINES)
        self._count = 0
        self._rest = b""
        self._secrets: set[bytes] = set()
        self._file = FileIO(str(path), "ab")
        self._size = path.stat().st_size

    @property
    def count(self) -> int:
        """How many lines were written through this object."""
        return self._count

    def hide(self, message: dict[str, Any]) -> None:
        """Replace, from now on, the secrets of a process's message wherever it writes them."""
        self._secrets.update(secret.encode() for secret in secrets_in(message))

    def write(self, data: bytes) -> None:
        """Add what the process wrote, whole lines or not."""
        *whole, self._rest = (self._rest + data).split(b"\n")
        if whole:
            self._add(whole)
        if len(self._rest) > _LONGEST_LINE:
            self.end_line()

    def end_line(self) -> None:
        """Take an unfinished last line as a line: the process that was writing it has ended."""
        if self._rest:
            rest, self._rest = self._rest, b""
            self._add([rest])

    def tail(self, count: int, *, since: int = 0) -> list[str]:
        """Return the last `count` lines, none of the first `since` that were written through this object."""
        available = min(count, self._count - since) if since else count
        return list(self._lines)[-available:] if available > 0 else []

    def close(self) -> None:
        """Close the file; the lines stay readable."""
        self._file.close()

    def _add(self, lines: list[bytes]) -> None:
        data = b"\n".join(lines) + b"\n"
        for secret in self._secrets:
            data = data.replace(secret, b"***")
        shown = data.split(b"\n")[:-1]
        if self._json_as is not None:
            data = b"".join(_as_json(line, self._json_as) + b"\n" for line in shown if line.strip())
        if self._size + len(data) > self._max_bytes:
            self._rotate()
        self._file.write(data)
        self._size += len(data)
        self._count += len(lines)
        self._lines.extend(line.decode("utf-8", "replace") for line in shown)

    def _rotate(self) -> None:
        self._file.close()
        self._path.replace(self._path.with_name(self._path.name + ".1"))
        self._file = FileIO(str(self._path), "ab")
        self._size = 0


def _as_json(line: bytes, name: str) -> bytes:
    if line.startswith(b"{"):
        try:
            decode(line, dict[str, Any])
        except FlowyardError:
            return json_line(name, "INFO", line.decode("utf-8", "replace"))
        return line
    return json_line(name, "INFO", line.decode("utf-8", "replace"))


def secrets_in(message: Any, *, named: bool = False) -> list[str]:
    """Return the strings in a message that stand under a name such as ``api_key``, ``token`` or ``password``."""
    if isinstance(message, dict):
        return [
            found
            for name, value in cast("dict[str, Any]", message).items()
            for found in secrets_in(value, named=named or bool(_SECRET_NAME.search(name)))
        ]
    if isinstance(message, list):
        return [found for value in cast("list[Any]", message) for found in secrets_in(value, named=named)]
    return [message] if named and isinstance(message, str) and len(message) >= _SHORTEST_SECRET else []


def log_path(folder: Path, name: str) -> Path:
    """Return the log file of the process `name`: slashes become folders, anything odd an underscore."""
    parts = [re.sub(r"[^A-Za-z0-9._@-]", "_", part).lstrip(".") or "_" for part in name.split("/")]
    return folder.joinpath(*parts[:-1]) / f"{parts[-1]}.log"


def read_tail(path: Path, count: int) -> list[str]:
    """Return the last `count` lines of a log file; empty when there is none."""
    if count <= 0 or not path.is_file():
        return []
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - 256 * count))
        return file.read().decode("utf-8", "replace").splitlines()[-count:]
