"""A ``.prompty`` file to a typed flow of one node, with every finding about its front matter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

from flowyard.flows.find import find_flow
from flowyard.flows.format.document import Marked, read_document
from flowyard.flows.format.fields import Findings
from flowyard.flows.format.substitute import substituted
from flowyard.flows.format.types import VALUE_TYPES, coerce
from flowyard.flows.model import (
    AS_WRITTEN,
    Api,
    Binding,
    Constant,
    FlowOptions,
    FlowSpec,
    Include,
    InputReference,
    InputSpec,
    NodeReference,
    NodeSpec,
    OutputSpec,
    Place,
    PromptSpec,
    Source,
    ValueType,
)
from flowyard.flows.prompty.merge import merged
from flowyard.flows.prompty.place import configuration_of, contradiction
from flowyard.flows.prompty.text import PromptyText, split_prompty
from flowyard.foundation.errors import InvalidInputError, nearest
from flowyard.wire.flow_terms import Finding

KEYS = (
    "name", "description", "model", "inputs", "outputs", "sample", "template", "authors", "version", "tags", "display_name", "$schema",
    "environment", "environment_variables", "additional_includes", "language", "type", "message_format",
)  # fmt: skip
MODEL_KEYS = ("api", "configuration", "parameters", "response")
#: Keys of the second version of the format, which is not run here.
_NEXT_KEYS = (
    "kind",
    "tools",
    "inputSchema",
    "outputSchema",
    "metadata",
    "instructions",
    "id",
    "apiType",
    "provider",
    "connection",
    "options",
)
_NEXT = "This is a key of prompty's second version, which is not run here yet."


def read_prompty(path: Path, options: FlowOptions = AS_WRITTEN) -> tuple[FlowSpec | None, tuple[Finding, ...]]:
    """Read the prompty at `path` (its file, or a folder with one): the flow as far as it could be read, and what is wrong with it.

    Raises:
        FlowNotFoundError: there is no such file.
    """
    file = find_flow(path).path
    findings = Findings()
    top = Place(file.name, 1, 1)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        findings.add("InvalidEncoding", f"The file is not UTF-8: {error}.", top)
        return None, tuple(findings.found)
    parts = split_prompty(text)
    if parts is None:
        findings.add("InvalidPrompty", "The file has no front matter.", top, remedy="Begin it with a line `---`, YAML, and another `---`.")
        return None, tuple(findings.found)
    document, found = read_document(parts.matter, file.name)
    if document is None:
        return None, tuple(found)
    reader = _PromptyReader(file, options, findings)
    flow = reader.read(document, parts)
    return flow, (*found, *findings.found)


class _PromptyReader:
    def __init__(self, file: Path, options: FlowOptions, findings: Findings) -> None:
        self.file = file
        self.folder = file.parent.resolve()
        self.options = options
        self.findings = findings
        self.document = Marked(None, Place(file.name, 1, 1))

    def read(self, document: Marked, parts: PromptyText) -> FlowSpec | None:
        self.document = document
        if document.mapping is None:
            self.findings.add("WrongType", f"The front matter must be a mapping, got {document.kind}.", document.place)
            return None
        self._check_keys(document, KEYS, "a prompty")
        limit = self.folder if self.options.root is not None else None
        try:
            values = substituted(document.plain(), self.folder, limit)
        except InvalidInputError as error:
            self.findings.add("InvalidReference", error.message, document.place, remedy=error.remedy)
            return None
        values = merged(cast("dict[str, Any]", values), substituted(dict(self.options.init), self.folder, limit))
        prompt = self._prompt(values, parts)
        sample = self._sample(values.get("sample"), limit)
        inputs = self._inputs(self._mapping(values, "inputs"), sample)
        name = str(values.get("display_name") or values.get("name") or self.file.stem)
        node = self._node(str(values.get("name") or self.file.stem), prompt, inputs)
        return FlowSpec(
            folder=self.folder,
            file=self.file.name,
            name=name,
            inputs=inputs,
            outputs=self._outputs(self._mapping(values, "outputs"), node.name),
            nodes=(node,),
            environment=self._mapping(values, "environment"),
            environment_variables=self._mapping(values, "environment_variables"),
            additional_includes=tuple(
                Include(str(it), self._place("additional_includes")) for it in values.get("additional_includes") or ()
            ),
            message_format="openai-vision" if values.get("message_format") == "openai-vision" else "basic",
            kind="prompty",
            description=str(values["description"]) if values.get("description") else None,
            prompt=prompt,
            sample=sample,
            root=self.options.root,
        )

    def _prompt(self, values: dict[str, Any], parts: PromptyText) -> PromptSpec:
        model = self._mapping(values, "model")
        place = self._place("model")
        written = self._marked("model")
        if written is not None:
            self._check_keys(written, MODEL_KEYS, "model", strict=True)
        if "model" not in values:
            self._add(
                "MissingModel", "The prompty has no `model`.", place, "Write model: {api: chat, configuration: {...}, parameters: {...}}."
            )
        configuration = configuration_of(model.get("configuration"))
        if not isinstance(configuration, dict):
            if "model" in values:
                self._add(
                    "MissingModel", "The model has no `configuration`.", place, "Write configuration: {connection: <name>, model: <model>}."
                )
            configuration = {}
        wrong = contradiction(cast("dict[str, Any]", configuration))
        if wrong is not None:
            self._add("InvalidConnectionError", wrong, self._place("model", "configuration"), "Give one of the two.")
        api = str(model.get("api") or "chat")
        if api not in get_args(Api):
            self._add(
                "WrongValue", f"`api` is {api!r}; expected chat or completion.", self._place("model", "api"), "Write chat or completion."
            )
        engine = values.get("template") or "jinja2"
        if engine != "jinja2":
            self._add(
                "UnsupportedTemplate", f"`template` is {engine!r}; jinja2 is what there is.", self._place("template"), "Leave it out."
            )
        parameters = self._mapping(model, "parameters", "model")
        return PromptSpec(
            template=parts.template,
            line=parts.line,
            api=cast("Api", api if api in get_args(Api) else "chat"),
            configuration=cast("dict[str, Any]", configuration),
            parameters=parameters,
            whole=model.get("response") == "all",
            keys=tuple(self._mapping(values, "outputs")),
        )

    def _inputs(self, written: dict[str, Any], sample: dict[str, Any]) -> dict[str, InputSpec]:
        if not written:
            place = self._place("sample")
            return {name: InputSpec(name=name, type=_type_of(value), place=place) for name, value in sample.items()}
        return {
            name: self._input(name, cast("dict[str, Any]", value) if isinstance(value, dict) else {}) for name, value in written.items()
        }

    def _input(self, name: str, fields: dict[str, Any]) -> InputSpec:
        place = self._place("inputs", name)
        kind = str(fields.get("type") or "")
        if kind not in VALUE_TYPES:
            near = nearest(kind, list(VALUE_TYPES)) if kind else None
            message = f"Input {name!r} is of type {kind!r}" if kind else f"Input {name!r} has no type"
            known = f"Did you mean {near!r}?" if near else f"Write one of {', '.join(VALUE_TYPES)}."
            self._add("UnknownType" if kind else "MissingType", f"{message}.", place, known)
        default = fields.get("default")
        if default is not None and kind in VALUE_TYPES:
            try:
                default = coerce(default, kind)
            except (ValueError, TypeError, OverflowError) as error:
                self._add("WrongDefault", f"The default of input {name!r} does not fit its type {kind}: {error}.", place)
        return InputSpec(
            name=name,
            type=cast("ValueType", kind if kind in VALUE_TYPES else "object"),
            place=place,
            default=default,
            has_default="default" in fields,
            description=str(fields["description"]) if fields.get("description") else None,
            is_chat_input=fields.get("is_chat_input") is True,
            is_chat_history=fields.get("is_chat_history") is True,
        )

    def _outputs(self, written: dict[str, Any], node: str) -> dict[str, OutputSpec]:
        place = self._place("outputs")
        if not written:
            return {"output": OutputSpec(name="output", type="string", text=f"${{{node}.output}}", value=NodeReference(node), place=place)}
        outputs: dict[str, OutputSpec] = {}
        for name, value in written.items():
            fields = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
            outputs[name] = OutputSpec(
                name=name,
                type=str(fields.get("type") or "string"),
                text=f"${{{node}.output.{name}}}",
                value=NodeReference(node, path=name),
                place=self._place("outputs", name),
                is_chat_output=fields.get("is_chat_output") is True,
            )
        return outputs

    def _sample(self, value: Any, limit: Path | None) -> dict[str, Any]:
        """Return the sample: a mapping, or the name of a JSON file that has it."""
        if isinstance(value, str):
            try:
                value = substituted(f"${{file:{value.removeprefix('file:')}}}", self.folder, limit) if value.endswith(".json") else value
            except InvalidInputError as error:
                self._add("InvalidSampleError", f"The sample cannot be read: {error.message}", self._place("sample"), error.remedy)
                return {}
        if value is not None and not isinstance(value, dict):
            message = f"The sample must be a mapping of inputs, or a JSON file; got {type(value).__name__}."
            self._add("InvalidSampleError", message, self._place("sample"), "Write sample: {<input>: <value>}.")
        return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

    def _node(self, name: str, prompt: PromptSpec, inputs: Mapping[str, InputSpec]) -> NodeSpec:
        """Return the node that stands for the prompt in graphs, records and traces."""
        configuration = prompt.configuration
        model = configuration.get("azure_deployment") or configuration.get("model")
        place = self._place("model")
        shown = {"model": model, **prompt.parameters} if model else prompt.parameters
        connection = configuration.get("connection")
        return NodeSpec(
            name=name,
            type="llm",
            place=place,
            source=Source(type="code", place=place, path=self.file.name),
            inputs={
                **{key: Binding(Constant(value), self._place("model", "parameters", key)) for key, value in shown.items()},
                **{key: Binding(InputReference(key), spec.place) for key, spec in inputs.items()},
            },
            api=prompt.api,
            connection=connection if isinstance(connection, str) else None,
        )

    def _mapping(self, values: Mapping[str, Any], key: str, *above: str) -> dict[str, Any]:
        found = values.get(key)
        if found is not None and not isinstance(found, dict):
            self._add("WrongType", f"{key!r} must be a mapping, got {type(found).__name__}.", self._place(*above, key))
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    def _check_keys(self, value: Marked, known: tuple[str, ...], where: str, *, strict: bool = False) -> None:
        for key, entry in (value.mapping or {}).items():
            if key in known:
                continue
            near = nearest(key, list(known))
            remedy = f"Did you mean {near!r}?" if near else f"Known here: {', '.join(known)}."
            later = key in _NEXT_KEYS
            self.findings.add(
                "PromptyVersion" if later else "UnknownKey",
                f"{key!r} means nothing in {where}{'' if strict else ' and is ignored'}.{f' {_NEXT}' if later else ''}",
                entry.place,
                severity="error" if strict else "warning",
                remedy="Write model: {api, configuration, parameters, response}." if later else remedy,
            )

    def _marked(self, *keys: str) -> Marked | None:
        found: Marked | None = self.document
        for key in keys:
            entry = (found.mapping or {}).get(key) if found is not None else None
            found = entry.value if entry is not None else None
        return found

    def _place(self, *keys: str) -> Place:
        """Return where the value under `keys` is written, or as near to it as there is something."""
        for length in range(len(keys), 0, -1):
            if (found := self._marked(*keys[:length])) is not None:
                return found.place
        return self.document.place

    def _add(self, code: str, message: str, place: Place, remedy: str | None = None) -> None:
        self.findings.add(code, message, place, remedy=remedy)


def _type_of(value: Any) -> ValueType:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "double"), (str, "string"), (list, "list")):
        if isinstance(value, kind):
            return cast("ValueType", name)
    return "object"
