"""The runtime as a wheel, made of the package that runs here: the format is PEP 427's, and the same files make the same bytes."""

import base64
import hashlib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from flowyard.flows.environments.runtime import DISTRIBUTION, package_folder
from flowyard.foundation.version import __version__

#: What only the platform's own processes use.
_LEFT_OUT = frozenset({"__pycache__", "server", "storage", "wiring"})
_TAG = "py3-none-any"
#: A zip file cannot be older.
_TIME = (1980, 1, 1, 0, 0, 0)
_WHEEL = f"Wheel-Version: 1.0\nGenerator: flowyard ({__version__})\nRoot-Is-Purelib: true\nTag: {_TAG}\n"


def write_wheel(folder: Path) -> Path:
    """Write the runtime's wheel into `folder` and return its path."""
    target = folder / f"{DISTRIBUTION}-{__version__}-{_TAG}.whl"
    about = f"{DISTRIBUTION}-{__version__}.dist-info"
    records: list[str] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (*_package(), *_described(about)):
            archive.writestr(_entry(name), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            records.append(f"{name},sha256={digest},{len(data)}\n")
        archive.writestr(_entry(f"{about}/RECORD"), "".join([*records, f"{about}/RECORD,,\n"]))
    return target


def _package() -> Iterator[tuple[str, bytes]]:
    package = package_folder()
    for file in sorted(package.rglob("*")):
        inside = file.relative_to(package)
        if file.is_file() and not _LEFT_OUT.intersection(inside.parts) and file.suffix != ".pyc":
            yield f"{DISTRIBUTION}/{inside.as_posix()}", file.read_bytes()


def _described(about: str) -> Iterator[tuple[str, bytes]]:
    found = metadata.distribution(DISTRIBUTION)
    for name in ("METADATA", "entry_points.txt"):
        text = found.read_text(name)
        if text is not None:
            yield f"{about}/{name}", text.encode()
    yield f"{about}/WHEEL", _WHEEL.encode()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
