"""Azure ML's MLTable: a folder whose file ``MLTable`` says which files hold the rows, and how they are written."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, cast

import yaml

from flowyard.data.previews.findings import Findings
from flowyard.data.previews.protocol import Form
from flowyard.data.views import View, ViewedFile

FILE = "MLTable"
_MOST = 1024 * 1024
_FORMATS = {"read_delimited": "csv", "read_json_lines": "jsonl", "read_parquet": "parquet"}


@dataclass(frozen=True, slots=True)
class Described:
    """The files of a table, and how they are written."""

    files: list[ViewedFile] = field(default_factory=list[ViewedFile])
    form: Form = field(default_factory=Form)


def read_mltable(view: View, findings: Findings) -> Described | None:
    """Return what a folder's MLTable says; None where it has none that can be read."""
    about = view.file(FILE) if view.folder else None
    if about is None:
        return None
    try:
        said: Any = yaml.safe_load(about.read(0, _MOST).decode("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        line = error.problem_mark.line + 1 if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark else None
        findings.add("InvalidMltable", "error", f"MLTable is no YAML: {error}", file=FILE, line=line, remedy="Correct it.")
        return None
    if not isinstance(said, dict):
        findings.add("InvalidMltable", "error", "MLTable has to be a mapping with 'paths'.", file=FILE, line=1)
        return None
    content = cast("dict[str, Any]", said)
    return Described(_files(view, content.get("paths"), findings), _form(content.get("transformations"), findings))


def _files(view: View, paths: Any, findings: Findings) -> list[ViewedFile]:
    chosen: dict[str, ViewedFile] = {}
    for entry in cast("list[Any]", paths) if isinstance(paths, list) else []:
        for kind, where in cast("dict[str, Any]", entry).items() if isinstance(entry, dict) else ():
            text = str(where).removeprefix("./").strip("/")
            if "://" in text:
                findings.add("ElsewhereInMltable", "warning", f"Files at {text[:200]!r} are not shown.", file=FILE, key=text)
                continue
            before = len(chosen)
            chosen |= {file.name: file for file in view.files if file.name != FILE and _names(str(kind), text, file.name)}
            if len(chosen) == before:
                findings.add("MissingInMltable", "error", f"There is no file for the path {text[:200]!r}.", file=FILE, key=text)
    return list(chosen.values())


def _names(kind: str, text: str, name: str) -> bool:
    if kind == "folder":
        return name.startswith(f"{text}/") or text in {"", "."}
    return fnmatchcase(name, text) if kind == "pattern" else name == text


def _form(steps: Any, findings: Findings) -> Form:
    form = Form()
    for step in cast("list[Any]", steps) if isinstance(steps, list) else []:
        named = cast("dict[str, Any]", step) if isinstance(step, dict) else {str(step): None}
        for name, options in named.items():
            if name not in _FORMATS:
                findings.add("NotApplied", "info", f"The transformation {name!r} of MLTable is not applied here.", file=FILE, key=name)
                continue
            said = cast("dict[str, Any]", options) if isinstance(options, dict) else {}
            delimiter = str(said.get("delimiter", ",")).replace("\\t", "\t") if name == "read_delimited" else None
            if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
                findings.add("InvalidMltable", "error", f"{delimiter[:20]!r} is no delimiter of one character.", file=FILE)
                delimiter = ","
            form = Form(format=_FORMATS[name], delimiter=delimiter, header=said.get("header") not in {False, "no_header"})
    return form
