"""Tool packages that a flow brings along: those that its requirements name by a path, looked at as files. None of their code runs."""

import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from flowyard.flows.environments.errors import RequirementsError
from flowyard.flows.environments.requirements import local_path, read_requirements
from flowyard.flows.model import FlowSpec
from flowyard.flows.tools.definitions import GROUP

#: Where a package says what it registers, as a source tree and when it is built.
_DECLARING = ("pyproject.toml", "setup.cfg", "setup.py", "entry_points.txt")
_LARGEST = 1024 * 1024
#: ``name = package.module:function``, quoted or not: the same in all of these files.
_ENTRY = re.compile(r"=\s*[\"']?([A-Za-z_]\w*)(?:\.\w+)*\s*:\s*[A-Za-z_]\w*")


def brought_packages(flow: FlowSpec) -> frozenset[str]:
    """Return the names of the top packages that register tools and come from a folder, a wheel or an archive that the flow names."""
    try:
        lines = read_requirements(flow.folder, flow).lines
    except RequirementsError:
        return frozenset()
    paths = [path for line in lines if (path := local_path(line.text.partition(" @ ")[2] or line.text)) is not None]
    return frozenset(name for path in paths for text in _declarations(path) if GROUP in text for name in _ENTRY.findall(text))


def _declarations(path: Path) -> Iterator[str]:
    try:
        if path.is_dir():
            yield from (_text(file.read_bytes()[:_LARGEST]) for name in _DECLARING if (file := path / name).is_file())
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                for name in filter(_declares, archive.namelist()):
                    with archive.open(name) as file:
                        yield _text(file.read(_LARGEST))
        elif path.is_file() and tarfile.is_tarfile(path):
            with tarfile.open(path) as archive:
                for member in archive:
                    file = archive.extractfile(member) if member.isfile() and _declares(member.name) else None
                    if file is not None:
                        yield _text(file.read(_LARGEST))
    except (OSError, zipfile.BadZipFile, tarfile.TarError):
        return  # whoever builds the environment says what is wrong with it


def _declares(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return file in _DECLARING and folder.count("/") <= 1


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")
