"""The ``environment`` of a deployment: what of it becomes a list of packages, and what cannot."""

import re
from pathlib import Path

from flowyard.client.applying.reading import Kind, Reading, text_of
from flowyard.flows.format.document import Entry, Marked, read_document_file

_KEYS: dict[str, Kind] = {
    "$schema": "text", "name": "text", "version": "text", "description": "text", "tags": "texts", "properties": "texts", "image": "text",
    "conda_file": "any", "build": "mapping", "inference_config": "mapping", "os_type": "text", "python_requirements_txt": "text",
}  # fmt: skip
#: What we provide ourselves.
_OURS = ("azureml-defaults", "azureml-inference-server-http", "azureml-contrib-services", "azureml-ai-monitoring")
# conda's ``name=version`` and ``name=version=build``.
_CONDA = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(?:={1,2}(?P<version>[A-Za-z0-9._+-]+)(?:=[^=]+)?$)?")


def packages_of(reading: Reading, environment: Entry | None, folder: Path) -> str:
    """Return the text of ``requirements.txt`` for a deployment's ``environment``; paths in it are from `folder`."""
    if environment is None:
        return ""
    value = environment.value
    if value.mapping is None:
        reading.note(environment, f"The environment {value.data!r} is not known here.", "Name the packages: environment: {conda_file: …}.")
        return ""
    found = reading.keys(value, _KEYS, "environment")
    reading.note(found.get("image"), "The image is not used: replicas run with this machine's Python and the packages of conda_file.")
    reading.note(found.get("build"), "The image is not built: replicas run with this machine's Python and the packages of conda_file.")
    reading.note(found.get("inference_config"), "inference_config belongs to images, which are not used.")
    listed = found.get("python_requirements_txt")
    if listed is not None:
        return _requirements(reading, listed, folder)
    conda = found.get("conda_file")
    return "" if conda is None else _conda(reading, conda, folder)


def _requirements(reading: Reading, entry: Entry, folder: Path) -> str:
    file = folder / str(text_of(entry))
    if not file.is_file():
        reading.wrong(entry.value.place, "FileMissing", f"There is no file {text_of(entry)!r}.", "Give its path from this file's folder.")
        return ""
    return _kept(file.read_text(encoding="utf-8-sig").splitlines())


def _conda(reading: Reading, entry: Entry, folder: Path) -> str:
    if entry.value.mapping is not None:
        return _dependencies(reading, entry, entry.value)
    file = folder / str(text_of(entry))
    if not file.is_file():
        reading.wrong(entry.value.place, "FileMissing", f"There is no file {text_of(entry)!r}.", "Give its path from this file's folder.")
        return ""
    return conda_packages(reading, entry, file)


def conda_packages(reading: Reading, entry: Entry, file: Path) -> str:
    """Return the text of ``requirements.txt`` for a conda file, which is there; `entry` is what asked for it."""
    document, findings = read_document_file(file)
    reading.findings.extend(findings)
    return "" if document is None else _dependencies(reading, entry, document)


def _dependencies(reading: Reading, entry: Entry, document: Marked) -> str:
    dependencies = (document.mapping or {}).get("dependencies")
    if dependencies is None or dependencies.value.items is None:
        reading.wrong(entry.value.place, "WrongType", "The conda file has no list dependencies.", "Write dependencies: [pip: [...]].")
        return ""
    lines: list[str] = []
    taken: list[str] = []
    for item in dependencies.value.items:
        pip = (item.mapping or {}).get("pip")
        if pip is not None:
            lines += [str(line.data) for line in pip.value.items or []]
        elif isinstance(item.data, str):
            spec = _CONDA.match(item.data.strip())
            name = spec["name"] if spec is not None else item.data
            if name == "python":
                reading.note(entry, f"{item.data!r} is not honoured: replicas run with this machine's Python.")
            elif name != "pip":
                taken.append(item.data)
                lines.append(f"{name}=={spec['version']}" if spec is not None and spec["version"] else item.data)
    if taken:
        reading.note(entry, f"Packages of conda are taken from the package index, under the same names: {', '.join(taken)}.")
    return _kept(lines)


def _kept(lines: list[str]) -> str:
    kept = [line for line in lines if not line.strip().lower().replace("_", "-").startswith(_OURS)]
    return "".join(f"{line}\n" for line in kept)
