"""``run.yaml``: a run written down, in prompt flow's format and with a few keys of ours besides."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.flows.format.document import Entry, read_document
from flowyard.flows.format.fields import Fields, Findings
from flowyard.flows.runs.errors import RunFileError
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError, Location, Problem
from flowyard.wire.flow_terms import Finding
from flowyard.wire.runs import RunCreate

#: Keys for Azure ML's cloud: known, and without a meaning here.
IGNORED_KEYS = ("resources", "runtime", "identity", "environment")
OWN_KEYS = ("variants", "max_failures", "concurrency", "timeout", "replay")
RUN_KEYS = (
    "$schema", "type", "name", "display_name", "description", "tags", "properties", "flow", "data", "run", "column_mapping", "variant",
    "connections", "environment_variables", "init", "resume_from", *OWN_KEYS, *IGNORED_KEYS,
)  # fmt: skip
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_ENV_LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


@dataclass(frozen=True, slots=True)
class RunFile:
    """A run file that was read: the run, with absolute paths, and warnings about the file."""

    request: RunCreate
    warnings: tuple[Finding, ...]


def read_run_file(path: Path) -> RunFile:
    """Read a run file. Paths in it are relative to its folder.

    Raises:
        RunFileError: it cannot be used; `findings` has all that is wrong, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RunFileError(f"The run file {str(path)!r} cannot be read: {error}.", remedy="Name a YAML file: --file run.yaml") from error
    document, found = read_document(text, str(path))
    findings = Findings()
    findings.found.extend(found)
    request = RunCreate()
    if document is not None:
        request = _Reader(Fields(document, RUN_KEYS, findings, "a run"), findings, path.parent.resolve()).read()
    errors = [finding for finding in findings.found if finding.severity == "error"]
    if errors:
        first = errors[0]
        raise RunFileError(
            first.message,
            remedy=first.remedy,
            location=Location(file=first.file, line=first.line, column=first.column),
            findings=tuple(_problem(finding) for finding in errors) if len(errors) > 1 else (),
        )
    return RunFile(request, tuple(findings.found))


class _Reader:
    def __init__(self, fields: Fields, findings: Findings, folder: Path) -> None:
        self._fields = fields
        self._findings = findings
        self._folder = folder

    def read(self) -> RunCreate:
        fields = self._fields
        for key in IGNORED_KEYS:
            entry = fields.entry(key)
            if entry is not None:
                fields.add("IgnoredKey", f"{key!r} is for Azure ML's cloud and has no meaning here.", entry.place, severity="warning")
        return RunCreate(
            flow=self._path("flow"),
            name=fields.text("name"),
            display_name=fields.text("display_name"),
            description=fields.text("description"),
            tags=self._texts(fields.mapping("tags")),
            properties=self._texts(fields.mapping("properties")),
            data=self._path("data"),
            run=fields.text("run"),
            column_mapping=dict(fields.plain("column_mapping") or {}) if fields.mapping("column_mapping") else {},
            variants=self._variants(),
            connections=self._connections(),
            environment_variables=self._environment(),
            init=self._init(),
            resume_from=fields.text("resume_from"),
            max_failures=_whole(fields.number("max_failures", 0, 10**9, whole=True)),
            concurrency=_whole(fields.number("concurrency", 1, 1000, whole=True)),
            line_timeout_s=fields.number("timeout", 0.001, 86_400),
            replay=fields.flag("replay"),
        )

    def _path(self, key: str) -> str | None:
        """Return an absolute path for what is there beside the file, and the text itself for an address or the name of a flow."""
        text, entry = self._fields.text(key), self._fields.entry(key)
        if text is None or entry is None or _ADDRESS.match(text):
            return text
        path = self._folder / Path(text).expanduser()
        if path.exists():
            return str(path.resolve())
        if key == "data" or "/" in text or text.startswith("."):
            self._fields.add("PathNotFound", f"{key!r} names {text!r}, which is not there.", entry.value.place, remedy=_beside(path))
        return text

    def _texts(self, entries: dict[str, Entry]) -> dict[str, str]:
        return {key: "" if entry.value.data is None else str(entry.value.plain()) for key, entry in entries.items()}

    def _variants(self) -> tuple[str, ...]:
        one = self._fields.text("variant")
        more = tuple(str(item.plain()) for item in self._fields.items("variants"))
        return (one, *more) if one is not None else more

    def _connections(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for node, entry in self._fields.mapping("connections").items():
            if entry.value.mapping is None:
                self._fields.wrong(entry.value, "a mapping such as {connection: my_connection}", f"connections of node {node!r}")
            else:
                found[node] = self._texts(entry.value.mapping)
        return found

    def _environment(self) -> dict[str, str]:
        entry = self._fields.entry("environment_variables")
        if entry is None or not isinstance(entry.value.data, str):
            return self._texts(self._fields.mapping("environment_variables"))
        return _env_file(self._read(entry) or "")

    def _init(self) -> dict[str, Any]:
        entry = self._fields.entry("init")
        if entry is None or not isinstance(entry.value.data, str):
            return dict(self._fields.plain("init") or {}) if self._fields.mapping("init") else {}
        text = self._read(entry)
        try:
            found = from_json(text.splitlines()[0] if text and entry.value.data.endswith(".jsonl") else text or "{}")
        except InvalidInputError as error:
            self._fields.add("InvalidInitFile", f"{entry.value.data!r} holds no JSON: {error.message}", entry.value.place)
            return {}
        return found if isinstance(found, dict) else {}  # pyright: ignore[reportUnknownVariableType]

    def _read(self, entry: Entry) -> str | None:
        path = self._folder / str(entry.value.data)
        try:
            return path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            self._fields.add("PathNotFound", f"{entry.key!r} names {entry.value.data!r}, which cannot be read: {error}.", entry.value.place)
            return None


def _env_file(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = _ENV_LINE.fullmatch(line.strip())
        if match is not None:
            value = match[2].strip()
            found[match[1]] = value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value
    return found


def _beside(path: Path) -> str:
    from flowyard.foundation.errors import nearest

    folder = path.parent
    near = nearest(path.name, [item.name for item in folder.iterdir()]) if folder.is_dir() else None
    return f"Did you mean {near!r}?" if near else "Paths are relative to the run file."


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _problem(finding: Finding) -> Problem:
    return Problem(
        code=finding.code,
        title=RunFileError.title,
        status=RunFileError.status,
        detail=finding.message,
        remedy=finding.remedy,
        location=Location(file=finding.file, line=finding.line, column=finding.column),
    )
