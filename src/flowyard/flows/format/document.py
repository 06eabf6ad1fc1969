"""YAML with the place of every key and value, read as YAML 1.2 reads it (``yes`` and ``on`` are texts, as in prompt flow)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, cast

import yaml

from flowyard.flows.model import Place
from flowyard.wire.flow_terms import Finding

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Aliases may repeat a part; this many nodes after all repetition is more than any flow has.
NODE_LIMIT = 100_000
FILE_LIMIT = 4 * 1024 * 1024


class _Yaml12(_Loader):
    """Scalars by YAML 1.2's core schema."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


_Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0b[01_]+|0o[0-7_]+|[0-9][0-9_]*|0x[0-9a-fA-F_]+)$"), list("-+0123456789")
)
_Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
        r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+.0123456789"),
)
_Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:timestamp",
    re.compile(
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}"
        r"(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?$"
    ),
    list("0123456789"),
)
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile(r"^<<$"), ["<"])


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    place: Place
    value: "Marked"


@dataclass(frozen=True, slots=True)
class Marked:
    """A YAML value with its place: a scalar, a list of Marked, or a dict of Entry."""

    data: Any
    place: Place

    @property
    def mapping(self) -> dict[str, Entry] | None:
        """The entries by key, or None when this is no mapping."""
        return cast("dict[str, Entry]", self.data) if isinstance(self.data, dict) else None  # pyright: ignore[reportUnknownMemberType]

    @property
    def items(self) -> list["Marked"] | None:
        """The items, or None when this is no list."""
        return cast("list[Marked]", self.data) if isinstance(self.data, list) else None  # pyright: ignore[reportUnknownMemberType]

    def plain(self) -> Any:
        """Return the value without places."""
        if (mapping := self.mapping) is not None:
            return {key: entry.value.plain() for key, entry in mapping.items()}
        if (items := self.items) is not None:
            return [item.plain() for item in items]
        return self.data

    @property
    def kind(self) -> str:
        """What it is, in YAML's words."""
        if isinstance(self.data, dict):
            return "a mapping"
        if isinstance(self.data, list):
            return "a list"
        return "nothing" if self.data is None else f"{type(self.data).__name__} {self.data!r}"


def read_document_file(file: Path) -> tuple[Marked | None, list[Finding]]:
    """Read a YAML file as `read_document` does; one that is no UTF-8 is a finding."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"The file is not UTF-8: {error}."
        return None, [Finding(code="InvalidEncoding", severity="error", message=message, file=file.name, line=1, column=1)]
    return read_document(text, file.name)


def read_document(text: str, file: str) -> tuple[Marked | None, list[Finding]]:
    """Read one YAML document. The value is None when it cannot be read; the findings say why and where."""
    if len(text) > FILE_LIMIT:
        return None, [_problem("DocumentTooLarge", f"The file has {len(text)} characters; at most {FILE_LIMIT} are read.", file, None)]
    try:
        node: Any = cast("Any", yaml).compose(text, Loader=_Yaml12)
    except yaml.MarkedYAMLError as error:
        what = ", ".join(part for part in (error.context, error.problem) if part)
        return None, [_problem("InvalidYaml", f"This is no YAML: {what}.", file, error.problem_mark or error.context_mark)]
    except (yaml.YAMLError, ValueError) as error:
        return None, [_problem("InvalidYaml", f"This is no YAML: {error}.", file, None)]
    if node is None:
        return None, [_problem("EmptyFile", "The file is empty.", file, None)]
    reader = _Reader(file)
    return reader.read(node), reader.findings


def _problem(code: str, message: str, file: str, mark: Any) -> Finding:
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    return Finding(code=code, severity="error", message=message, file=file, line=line, column=column)


def _int(text: str) -> int:
    digits = text.replace("_", "")
    return int(digits, {"0x": 16, "0o": 8, "0b": 2}.get(digits.lstrip("+-")[:2], 10))


def _float(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _timestamp(text: str) -> Any:
    constructor: Any = cast("Any", yaml.constructor).SafeConstructor()
    return constructor.construct_yaml_timestamp(yaml.ScalarNode("tag:yaml.org,2002:timestamp", text))


#: Scalars that are more than their text, by the last part of their tag.
_READ: dict[str, Callable[[str], Any]] = {
    "int": _int,
    "float": _float,
    "bool": lambda text: text.lower() == "true",
    "null": lambda _: None,
    "timestamp": _timestamp,
}


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self._count = 0
        self._open: set[int] = set()

    def read(self, node: Any) -> Marked:
        place = Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)
        self._count += 1
        if self._count > NODE_LIMIT:
            if self._count == NODE_LIMIT + 1:
                self.findings.append(_problem("DocumentTooLarge", "Aliases repeat more than can be read.", self.file, node.start_mark))
            return Marked(None, place)
        if isinstance(node, yaml.ScalarNode):
            return Marked(self._scalar(node), place)
        if id(node) in self._open:
            self.findings.append(_problem("RecursiveAlias", "An alias contains itself.", self.file, node.start_mark))
            return Marked(None, place)
        self._open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return Marked([self.read(item) for item in node.value], place)
            return Marked(self._mapping(node), place)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: Any) -> dict[str, Entry]:
        merged: dict[str, Entry] = {}
        own: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                for part in self._merge_parts(value_node):
                    merged = {**part, **merged}
                continue
            key = str(self._scalar(key_node)) if isinstance(key_node, yaml.ScalarNode) else "?"
            place = Place(self.file, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in own:
                self.findings.append(
                    _problem(
                        "DuplicateKey",
                        f"The key {key!r} is here twice; the first is in line {own[key].place.line}.",
                        self.file,
                        key_node.start_mark,
                    )
                )
                continue
            own[key] = Entry(key, place, self.read(value_node))
        return {**merged, **own}

    def _merge_parts(self, node: Any) -> Iterator[dict[str, Entry]]:
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        for part in parts:
            if (entries := self.read(part).mapping) is not None:
                yield entries

    def _scalar(self, node: Any) -> Any:
        text, tag = str(node.value), str(node.tag).rpartition(":")[2]
        try:
            return _READ[tag](text) if tag in _READ else text
        except ValueError as error:
            self.findings.append(_problem("InvalidYaml", f"{text!r} is no {tag}: {error}.", self.file, node.start_mark))
            return None
