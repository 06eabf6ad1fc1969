"""Files that can run code when they are loaded: told by what is in them, whatever they are called.

Pickles run what they name (https://docs.python.org/3/library/pickle.html); PyTorch's ``.bin`` and ``.pt``, joblib's files and NumPy's
object arrays are pickles inside; TorchScript and Keras' Lambda layers carry code; ``auto_map`` in a ``config.json`` names Python files
that `trust_remote_code` would import.
"""

import io
import pickletools
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from flowyard.catalog.errors import UnsafeModelFileError

_HEAD = 4096
_MOST_OPERATIONS = 20_000
_WHOLE = 33_554_432
_CALLS = frozenset({"REDUCE", "BUILD", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "STACK_GLOBAL", "GLOBAL", "EXT1", "EXT2", "EXT4"})
_SCRIPTS = (".py", ".pyc", ".pyd", ".sh", ".bat", ".cmd", ".ps1", ".js", ".jar", ".class", ".so", ".dll", ".dylib", ".exe")
_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".ckpt", ".joblib", ".dill", ".cloudpickle", ".mar", ".nemo")
_PROGRAMS = {
    b"\x7fELF": "a program (ELF)",
    b"MZ": "a program (PE)",
    b"\xca\xfe\xba\xbe": "a program",
    b"\xcf\xfa\xed\xfe": "a program",
    b"#!": "a script",
}
_MOST_ENTRIES = 100_000
#: What pickletools raises on bytes that are no pickle, or the beginning of one.
_NO_PICKLE = (ValueError, LookupError, ArithmeticError, TypeError, EOFError, struct.error)


def why_unsafe(path: Path, *, name: str | None = None) -> str | None:
    """Return why a file may run code when it is loaded, or None where nothing of the kind is found."""
    called = (name or path.name).lower()
    with path.open("rb") as file:
        found = _by_content(file, called)
    if found is None and called.endswith(_SCRIPTS):
        return "it is code"
    if found is None and called.endswith(_PICKLES):
        return "files of this kind are pickles, which run code when they are loaded"
    return found


def require_safe(path: Path, *, name: str | None = None) -> None:
    """Check a file.

    Raises:
        UnsafeModelFileError: it can run code when it is loaded; the message names it and says why.
    """
    reason = why_unsafe(path, name=name)
    if reason is not None:
        raise UnsafeModelFileError(
            f"{name or path.name} is refused: {reason}.",
            remedy="Take the model in another format (safetensors, GGUF, ONNX), or leave the file out if nothing needs it.",
        )


def unsafe_files(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the files below a folder that can run code, with why. Links count: they lead anywhere."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            yield name, "it is a link, which may lead out of the folder"
        elif path.is_file():
            reason = why_unsafe(path, name=name)
            if reason is not None:
                yield name, reason


def _by_content(file: BinaryIO, called: str) -> str | None:
    head = file.read(_HEAD)
    for magic, what in _PROGRAMS.items():
        if head.startswith(magic):
            return f"it is {what}"
    if head.startswith(b"PK\x03\x04"):
        return _zip(file)
    if head.startswith(b"\x93NUMPY"):
        return "it is a NumPy file of objects, which is a pickle" if b"'O" in head[:512] or b"|O" in head[:512] else None
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "it is a Keras file with a Lambda layer, which is code" if _contains(file, b'"class_name": "Lambda"') else None
    return _config(file) if called.endswith("config.json") else _pickle(file, head)


def _config(file: BinaryIO) -> str | None:
    file.seek(0)
    text = file.read(_WHOLE)
    if b'"auto_map"' in text:
        return "its auto_map names Python code that loading would import (trust_remote_code)"
    return "it describes a Keras Lambda layer, which is code" if b'"Lambda"' in text else None


def _pickle(file: BinaryIO, head: bytes) -> str | None:
    if head[:1] == b"\x80" and len(head) > 1 and head[1] <= 5:
        return "it is a pickle, which runs code when it is loaded" if _is_pickle(head, whole=False) else None
    unpacked = _unpacked(head)
    if unpacked is not None:
        return _pickle(io.BytesIO(unpacked), unpacked[:_HEAD]) and "it is a compressed pickle (joblib), which runs code when it is loaded"
    if head[:1] not in b"(c]}l" or not head:
        return None
    file.seek(0)
    return "it is a pickle (protocol 0), which runs code when it is loaded" if _is_pickle(file.read(_WHOLE), whole=True) else None


def _is_pickle(data: bytes, *, whole: bool) -> bool:
    """Whether bytes are a pickle: with `whole`, one that ends and calls something, since texts may begin like old ones."""
    calls = False
    try:
        for number, (operation, _, _) in enumerate(pickletools.genops(data)):
            calls = calls or operation.name in _CALLS
            if operation.name == "STOP":
                return calls or not whole
            if number > _MOST_OPERATIONS:
                return True
    except _NO_PICKLE:
        # A pickle whose beginning was read ends in the middle; so does anything that is none, with fewer operations before.
        return not whole and calls
    return False


def _unpacked(head: bytes) -> bytes | None:
    """Return the beginning of what zlib or gzip packed, or None."""
    if head[:2] not in {b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x1f\x8b"}:
        return None
    try:
        return zlib.decompressobj(wbits=47).decompress(head, 65_536)
    except zlib.error:
        return None


def _zip(file: BinaryIO) -> str | None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = [entry.filename for entry in archive.infolist()[:_MOST_ENTRIES]]
            if any(name.endswith(".pkl") for name in names):
                return "it is a PyTorch archive with a pickle, which runs code when it is loaded"
            if any(name.endswith(".py") or "/code/" in name for name in names):
                return "it is an archive with code (TorchScript)"
            if "config.json" in names and archive.getinfo("config.json").file_size < _WHOLE and b'"Lambda"' in archive.read("config.json"):
                return "it is a Keras file with a Lambda layer, which is code"
            for name in names:
                if name.endswith(".npy") and b"|O" in archive.open(name).read(512):
                    return "it is a NumPy archive of objects, which are pickles"
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        return f"it is an archive that cannot be looked into ({error})"
    return None


def _contains(file: BinaryIO, needle: bytes) -> bool:
    file.seek(0)
    kept = b""
    while chunk := file.read(1_048_576):
        if needle in kept + chunk:
            return True
        kept = chunk[-len(needle) :]
    return False
