"""``${env:NAME}`` and ``${file:path}`` as whole values in samples and prompties."""

import json
import os
import re
from pathlib import Path
from typing import Any, cast

from flowyard.flows.format.document import read_document
from flowyard.foundation.errors import InvalidInputError

_REFERENCE = re.compile(r"\$\{(env|file):(.*)\}")


def substituted(value: Any, folder: Path, root: Path | None = None) -> Any:
    """Return `value` with each text that is a reference replaced, at any depth. A variable that is not set leaves the text as it is.

    Args:
        value: plain data.
        folder: what relative paths start from.
        root: files are read only below it and variables not at all, for a flow that somebody else wrote; None: as this process can.

    Raises:
        InvalidInputError: a file is not there, cannot be read, or is outside of `root`.
    """
    if isinstance(value, str):
        found = _REFERENCE.match(value)
        if found is None:
            return value
        kind, name = found.groups()
        if kind == "file":
            return _file(name, folder, root)
        return value if root is not None else os.environ.get(name, value)
    if isinstance(value, list):
        return [substituted(item, folder, root) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: substituted(item, folder, root) for key, item in cast("dict[str, Any]", value).items()}
    return value


def _file(name: str, folder: Path, root: Path | None) -> Any:
    """Return the content of a file: the data of JSON and YAML, the text of others."""
    try:
        file = (folder / name).resolve()
        there = file.is_file()
    except (OSError, ValueError, RuntimeError) as error:
        raise InvalidInputError(f"The file {name!r} cannot be read: {error}.", remedy="Name another.") from error
    if root is not None and not file.is_relative_to(root.resolve()):
        raise InvalidInputError(f"The file {name!r} is outside of what a flow here may use.", remedy="Put it into the flow's folder.")
    if not there:
        raise InvalidInputError(f"There is no file {name!r}.", remedy=f"Create it, or correct ${{file:{name}}}; it starts from {folder}.")
    try:
        text = file.read_text(encoding="utf-8-sig")
        if file.suffix.lower() == ".json":
            return json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInputError(f"The file {name!r} cannot be read: {error}.", remedy="Correct it, or name another.") from error
    if file.suffix.lower() not in {".yaml", ".yml"}:
        return text
    document, findings = read_document(text, name)
    if document is None:
        raise InvalidInputError(f"The file {name!r} cannot be read: {findings[0].message}", remedy="Correct it, or name another.")
    return document.plain()
