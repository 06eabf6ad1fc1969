"""Lines of a text file, decoded one by one, so that one that is not UTF-8 is found and the others are not touched."""

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO, Self

from flowyard.data.previews.findings import Findings

#: No more of a file is read for a preview than so much, and no line longer than the second.
BUDGET, LONGEST_LINE = 64 * 1024 * 1024, 4 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_TO_UTF8 = "Convert it: iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW"


class Lines:
    """An iterator over the lines of a file, with their ends.

    Attributes:
        number: that of the line given last, from 1.
        cut: the file has more than is read.
    """

    def __init__(self, file: BinaryIO, name: str, findings: Findings, *, budget: int = BUDGET) -> None:
        self._findings = findings
        self._name = name
        self._left = budget
        self.number = 0
        self.cut = False
        self._file = _decoded(file, name, findings)

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(min(self._left, LONGEST_LINE))
        if not raw:
            self.cut = self.cut or self._left <= 0
            raise StopIteration
        self.number += 1
        self._left -= len(raw)
        if len(raw) == LONGEST_LINE and not raw.endswith(b"\n"):
            self._pass_over()
        return self._text(raw)

    def _text(self, raw: bytes) -> str:
        if b"\0" in raw:
            self._findings.add(
                "NulCharacter", "warning", f"Line {self.number} has NUL characters.", file=self._name, line=self.number,
                remedy="Is it a text file?",
            )  # fmt: skip
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            self._findings.add(
                "NotUtf8",
                "error",
                f"Line {self.number} is not UTF-8 (byte {error.start + 1}: 0x{raw[error.start]:02x}); it is shown as Windows-1252.",
                remedy=f"Rows like that fail when they are read. {_TO_UTF8}",
                file=self._name,
                line=self.number,
            )
            text = raw.decode("cp1252", "replace")
        return text.removeprefix("\ufeff") if self.number == 1 else text

    def _pass_over(self) -> None:
        """Go to the end of a line that is too long."""
        self._findings.add(
            "LineTooLong", "warning", f"Line {self.number} has more than {LONGEST_LINE // 1024 // 1024} MiB; its beginning is shown.",
            file=self._name, line=self.number,
        )  # fmt: skip
        while self._left > 0:
            raw = self._file.readline(min(self._left, LONGEST_LINE))
            self._left -= len(raw)
            if not raw or raw.endswith(b"\n"):
                return
        self.cut = True


class _Recoded(io.RawIOBase):
    """The UTF-8 of a UTF-16 file."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._text = io.TextIOWrapper(file, encoding="utf-16", errors="replace", newline="")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # pyright: ignore[reportIncompatibleMethodOverride]  # any writable buffer
        data = self._text.read(max(1, len(buffer) // 4)).encode("utf-8", "replace")
        buffer[: len(data)] = data
        return len(data)


def _decoded(file: BinaryIO, name: str, findings: Findings) -> "BinaryIO | io.BufferedReader":
    start = file.read(2)
    file.seek(0)
    if start not in _UTF16:
        return file
    findings.add(
        "NotUtf8", "error", f"{name} is UTF-16.", file=name, line=1,
        remedy="It fails when it is read. Convert it: iconv -f UTF-16 -t UTF-8 FILE > NEW",
    )  # fmt: skip
    return io.BufferedReader(_Recoded(file))


def text_head(file: BinaryIO, name: str, findings: Findings, most: int) -> tuple[str, bool]:
    """Return the beginning of a text file, at most `most` characters, and whether there is more."""
    parts: list[str] = []
    left = most
    lines: Iterator[str] = Lines(file, name, findings, budget=4 * most)
    for line in lines:
        parts.append(line[:left])
        left -= len(line)
        if left < 0:
            return "".join(parts), True
    return "".join(parts), bool(file.read(1))
