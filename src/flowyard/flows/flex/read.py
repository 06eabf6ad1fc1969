"""``flow.flex.yaml`` to a typed flow, with every finding about its shape. What its code says is added by `rules.entry`."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from flowyard.flows.find import find_flow
from flowyard.flows.flex.signature import MODEL_CONFIGURATIONS
from flowyard.flows.flex.spec import entry_node
from flowyard.flows.format.document import Entry, Marked, read_document_file
from flowyard.flows.format.fields import Fields, Findings
from flowyard.flows.format.substitute import substituted
from flowyard.flows.format.types import coerce
from flowyard.flows.model import (
    AS_WRITTEN,
    EntrySpec,
    FlowOptions,
    FlowSpec,
    Include,
    InitSpec,
    InputSpec,
    NodeReference,
    OutputSpec,
    ValueType,
)
from flowyard.foundation.errors import InvalidInputError
from flowyard.wire.flow_terms import Finding

FLEX_KEYS = (
    "$schema", "entry", "inputs", "outputs", "init", "sample", "code", "environment", "environment_variables", "additional_includes",
    "type", "language", "description", "display_name", "tags",
)  # fmt: skip
INPUT_KEYS = ("type", "default", "description", "is_chat_input", "is_chat_history", "enum")
OUTPUT_KEYS = ("type", "reference", "description", "is_chat_output", "evaluation_only")
TYPES = ("string", "int", "double", "bool", "list", "object")
_ENTRY = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):([A-Za-z_]\w*)")


def read_flex(path: Path, options: FlowOptions = AS_WRITTEN) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the flex flow at `path` (its folder or its file): the flow as far as it could be read, and what is wrong with its shape.

    Raises:
        FlowNotFoundError: there is no such file.
    """
    file = find_flow(path).path
    document, findings = read_document_file(file)
    if document is None:
        return None, tuple(findings)
    reader = _FlexReader(file, options)
    flow = reader.read(document)
    return flow, (*findings, *(_strict(finding) for finding in reader.findings.found))


def _strict(finding: Finding) -> Finding:
    """Prompt flow refuses keys of a flex flow that it does not know."""
    if finding.code != "UnknownKey":
        return finding
    return replace(finding, severity="error", message=finding.message.replace(" and is ignored.", "."))


class _FlexReader:
    def __init__(self, file: Path, options: FlowOptions) -> None:
        self.file = file
        self.options = options
        self.findings = Findings()

    def read(self, document: Marked) -> FlowSpec | None:
        fields = Fields(document, FLEX_KEYS, self.findings, "a flex flow")
        if document.mapping is None:
            return None
        folder = self.file.parent.resolve()
        sample = self._sample(fields, folder)
        declared = frozenset(key for key in ("inputs", "outputs", "init") if fields.entry(key) is not None)
        entry = self._entry(fields, declared, sample.get("init", {}))
        inputs = {name: self._input(name, it) for name, it in fields.mapping("inputs").items()}
        if fields.choice("language", ("python", "csharp")) == "csharp":
            fields.add("UnsupportedLanguage", "The flow is written in C#, which is not run here.", document.place)
        return FlowSpec(
            folder=self._code(fields, folder),
            file=self.file.name,
            name=fields.text("display_name") or folder.name,
            inputs=inputs,
            outputs={name: self._output(name, it, entry) for name, it in fields.mapping("outputs").items()},
            nodes=(entry_node(entry, inputs),) if entry else (),
            environment=_plain(fields, "environment"),
            environment_variables=_plain(fields, "environment_variables"),
            additional_includes=tuple(Include(str(item.plain()), item.place) for item in fields.items("additional_includes")),
            kind="flex",
            entry=entry,
            sample=sample.get("inputs", {}),
            root=self.options.root,
            description=fields.text("description"),
        )

    def _code(self, fields: Fields, folder: Path) -> Path:
        """Return the folder that the code is in: that of the file, unless ``code`` says another."""
        written = fields.entry("code")
        if written is None:
            return folder
        try:
            found = (folder / str(fields.text("code"))).resolve()
            there = found.is_dir()
        except (OSError, ValueError, RuntimeError) as error:
            fields.add("CodeNotFound", f"The folder {str(written.value.data)!r} cannot be read: {error}.", written.value.place)
            return folder
        if self.options.root is not None and not found.is_relative_to(self.options.root.resolve()):
            fields.add("CodeOutside", f"The code {str(written.value.data)!r} is outside of what a flow here may use.", written.value.place)
            return folder
        if not there:
            fields.add("CodeNotFound", f"The folder {str(written.value.data)!r} is not there.", written.value.place)
            return folder
        return found

    def _entry(self, fields: Fields, declared: frozenset[str], sample_init: dict[str, Any]) -> EntrySpec | None:
        written = fields.entry("entry")
        if written is None:
            fields.add(
                "InvalidFlexFlowEntry", "The flow has no `entry`.", fields.place, remedy="Write entry: <module>:<function or class>."
            )
            return None
        place = written.value.place
        found = _ENTRY.fullmatch(written.value.data) if isinstance(written.value.data, str) else None
        if found is None:
            fields.add(
                "InvalidFlexFlowEntry",
                f"The entry must be <module>:<function or class>, got {written.value.kind}.",
                place,
                remedy="Write for instance entry: chat:answer, for the function `answer` in chat.py.",
            )
            return None
        init = {name: self._init(name, it) for name, it in fields.mapping("init").items()}
        return EntrySpec(module=found[1], name=found[2], place=place, init=init, sample_init=sample_init, declared=declared)

    def _sample(self, fields: Fields, folder: Path) -> dict[str, dict[str, Any]]:
        entry = fields.entry("sample")
        if entry is None:
            return {}
        limit = (self.options.root and folder) or None
        try:
            found: Any = substituted(entry.value.plain(), folder, limit)
        except InvalidInputError as error:
            fields.add("InvalidSample", f"The sample cannot be read: {error.message}", entry.value.place, remedy=error.remedy)
            return {}
        parts = cast("dict[str, Any]", found) if isinstance(found, dict) else {"sample": found}
        wrong = [name for name, part in parts.items() if name not in {"inputs", "init"} or not isinstance(part, dict | None)]
        if wrong:
            message = f"The sample has {wrong[0]!r}; it has the mappings `inputs` and `init`, and nothing else."
            fields.add("InvalidSample", message, entry.value.place, remedy="Write sample: {inputs: {...}, init: {...}}.")
            return {}
        return {name: part or {} for name, part in parts.items()}

    def _input(self, name: str, entry: Entry) -> InputSpec:
        fields = Fields(entry.value, INPUT_KEYS, self.findings, f"input {name!r}")
        kind, default = self._typed(fields, entry, f"input {name!r}", TYPES)
        return InputSpec(
            name=name,
            type=cast("ValueType", kind),
            place=entry.place,
            default=None if default == "" else default,
            has_default=default not in (None, ""),
            in_code=default == "",
            description=fields.text("description"),
            enum=tuple(item.plain() for item in fields.items("enum")),
            is_chat_input=fields.flag("is_chat_input"),
            is_chat_history=fields.flag("is_chat_history"),
        )

    def _init(self, name: str, entry: Entry) -> InitSpec:
        fields = Fields(entry.value, INPUT_KEYS, self.findings, f"init parameter {name!r}")
        written = fields.text("type") or ""
        types = (*TYPES, written) if written.endswith("Connection") or written in MODEL_CONFIGURATIONS else (*TYPES, *MODEL_CONFIGURATIONS)
        kind, default = self._typed(fields, entry, f"init parameter {name!r}", types)
        empty = default in (None, "")
        return InitSpec(
            name=name, type=kind, place=entry.place, default=None if empty else default, has_default=not empty, in_code=default == ""
        )

    def _typed(self, fields: Fields, entry: Entry, where: str, types: tuple[str, ...]) -> tuple[str, Any]:
        """Return the type that is written, and the default: ``""`` stands for the code's own default."""
        kind = fields.choice("type", types, "UnknownType") or "object"
        if fields.entry("type") is None:
            fields.add("MissingType", f"{where.capitalize()} has no type.", entry.place, remedy=f"Give one of {', '.join(types)}.")
        default = fields.plain("default")
        if default in (None, "") or kind not in TYPES:
            return kind, default
        try:
            return kind, coerce(default, kind)
        except (ValueError, TypeError, OverflowError) as error:
            fields.add("WrongDefault", f"The default of {where} does not fit its type {kind}: {error}.", entry.place)
            return kind, default

    def _output(self, name: str, written: Entry, entry: EntrySpec | None) -> OutputSpec:
        fields = Fields(written.value, OUTPUT_KEYS, self.findings, f"output {name!r}")
        node = entry.name if entry else ""
        kind = fields.choice("type", TYPES, "UnknownType") or "string"
        return OutputSpec(
            name=name,
            type=kind,
            text=f"${{{node}.output.{name}}}",
            value=NodeReference(node, path=name),
            place=written.place,
            description=fields.text("description"),
            is_chat_output=fields.flag("is_chat_output"),
            evaluation_only=fields.flag("evaluation_only"),
        )


def _plain(fields: Fields, key: str) -> dict[str, Any]:
    return {name: entry.value.plain() for name, entry in fields.mapping(key).items()}
