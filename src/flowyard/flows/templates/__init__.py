"""Flows to start from. Each is a folder beside this file; ``templates.yaml`` says what they are."""

from pathlib import Path

import yaml

from flowyard.flows.errors import FlowNotFoundError
from flowyard.foundation.codecs import convert
from flowyard.foundation.errors import nearest
from flowyard.wire.flows import FlowTemplate

_FOLDER = Path(__file__).parent
#: The index that a template asks until one is named.
_ASKED = b"azureml:documents:latest"


def list_templates() -> tuple[FlowTemplate, ...]:
    """Return the templates in the order in which they are offered."""
    found = yaml.safe_load((_FOLDER / "templates.yaml").read_text(encoding="utf-8"))
    return convert(found, tuple[FlowTemplate, ...])


def template_folder(name: str) -> Path:
    """Return the folder of a template that there is; its Python files have another ending."""
    return _FOLDER / name


def template_files(name: str, index: str | None = None) -> dict[str, bytes]:
    """Return the files of a template by their path; one that asks an index asks this one.

    Raises:
        FlowNotFoundError: there is no such template.
    """
    names = [template.name for template in list_templates()]
    if name not in names:
        near = nearest(name, names)
        raise FlowNotFoundError(
            f"There is no template {name!r}.", remedy=f"Did you mean {near!r}?" if near else f"There are: {', '.join(names)}."
        )
    folder = _FOLDER / name
    files = (file for file in sorted(folder.rglob("*")) if file.is_file() and "__pycache__" not in file.parts)
    # Python files carry a .txt: they are a user's code, not a part of this package.
    found = {file.relative_to(folder).as_posix().removesuffix(".txt"): file.read_bytes() for file in files}
    return {path: content.replace(_ASKED, f"azureml:{index}:latest".encode()) for path, content in found.items()} if index else found
