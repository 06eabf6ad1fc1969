"""Reads connections from YAML, in prompt flow's format::

name: my_azure
type: azure_open_ai          # also custom, with `configs:` and `secrets:`
api_key: ${env:AZURE_KEY}
api_base: https://example.openai.azure.com
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from flowyard.connections.errors import ConnectionFileError
from flowyard.connections.kinds import KINDS, TYPES, Kind, remedy_for_key, type_named
from flowyard.connections.prices import PRICES, read_prices
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError, Location, Problem, nearest
from flowyard.foundation.file_values import file_value
from flowyard.wire.connections import ConnectionType, ConnectionWrite

# PyYAML has no types.
_compose = cast("Callable[..., Node | None]", yaml.compose)  # pyright: ignore[reportUnknownMemberType]
_serialize = cast("Callable[[Node], str]", yaml.serialize)  # pyright: ignore[reportUnknownMemberType]
_ENVIRONMENT = re.compile(r"\$\{env:([^}]*)\}")
_TOP_KEYS = ("$schema", "name", "type", "module")
#: Keys that a strong custom connection has besides, kept as configs.
_CUSTOM_KEYS = ("custom_type", "package", "package_version")


@dataclass(slots=True)
class _Reading:
    """A file on its way to a connection, with all that is wrong with it."""

    path: Path
    environment: Mapping[str, str]
    findings: list[Problem] = field(default_factory=list[Problem])

    def complain(self, node: Node, message: str, remedy: str | None = None) -> None:
        self.findings.append(
            Problem(
                code=ConnectionFileError.code,
                title=ConnectionFileError.title,
                status=ConnectionFileError.status,
                detail=message,
                remedy=remedy,
                location=Location(file=str(self.path), line=node.start_mark.line + 1, column=node.start_mark.column + 1),
            )
        )

    def done(self) -> None:
        if self.findings:
            first = self.findings[0]
            findings = tuple(self.findings) if len(self.findings) > 1 else ()
            raise ConnectionFileError(first.detail, remedy=first.remedy, location=first.location, findings=findings)


def read_connection_file(path: Path, environment: Mapping[str, str], *, name: str | None = None) -> ConnectionWrite:
    """Read one connection; ``${env:NAME}`` in values is replaced from `environment`, `name` replaces the file's own.

    Raises:
        ConnectionFileError: the file is not there or no YAML mapping, a key is unknown or missing, a value is no text, or an environment
            variable is not set. The location is the first such place; `findings` has all.
    """
    root = _root(path)
    if not isinstance(root, MappingNode):
        raise ConnectionFileError(
            "The file has to be a mapping with 'name' and 'type'.",
            location=Location(file=str(path), line=1),
            remedy="See docs/connections.md.",
        )
    return _connection(path, root, environment, name)


def read_connections_file(path: Path, environment: Mapping[str, str]) -> tuple[ConnectionWrite, ...]:
    """Read a file of one connection, or of a list of them, each with its name.

    Raises:
        ConnectionFileError: as for `read_connection_file`; or the list has something else in it, or a name twice.
    """
    root = _root(path)
    if isinstance(root, MappingNode):
        return (_connection(path, root, environment, None),)
    if not isinstance(root, SequenceNode):
        raise ConnectionFileError(
            "The file has to be a connection, or a list of connections, each with 'name' and 'type'.",
            location=Location(file=str(path), line=1),
            remedy="See docs/connections.md.",
        )
    found: dict[str, ConnectionWrite] = {}
    for item in root.value:
        place = Location(file=str(path), line=item.start_mark.line + 1, column=item.start_mark.column + 1)
        if not isinstance(item, MappingNode):
            raise ConnectionFileError("A list of connections has something else in it.", location=place, remedy="Write - name: ...")
        read = _connection(path, item, environment, None)
        if read.name in found:
            raise ConnectionFileError(f"There are two connections {read.name!r}.", location=place, remedy="Rename one.")
        found[read.name] = read
    return tuple(found.values())


def _connection(path: Path, node: MappingNode, environment: Mapping[str, str], name: str | None) -> ConnectionWrite:
    reading = _Reading(path, environment)
    entries = _entries(reading, node)
    kind = _type(reading, entries, path)
    found_name = name or _scalar(reading, entries.get("name"))
    if not found_name:
        raise ConnectionFileError("The connection has no name.", remedy="Add 'name:', or give --name.", location=Location(file=str(path)))
    configs: dict[str, str] = {}
    secrets: dict[str, str] = {}
    if KINDS[kind].open:
        _read_open(reading, entries, configs, secrets)
    else:
        _read_typed(reading, entries, KINDS[kind], configs, secrets)
    reading.done()
    if kind == "scripted":
        _inline_script(path, configs)
    return ConnectionWrite(name=found_name, type=kind, configs=configs, secrets=secrets)


def with_values(connection: ConnectionWrite, pairs: list[str], environment: Mapping[str, str]) -> ConnectionWrite:
    """Return `connection` with ``key=value`` pairs set: a key of its type, or ``configs.<key>`` and ``secrets.<key>``.

    The value ``@PATH`` is the text of that file.

    Raises:
        InvalidInputError: a pair has no ``=``, the key is none of the type's, a variable is not set, or a file cannot be read.
    """
    configs, secrets = dict(connection.configs), dict(connection.secrets)
    kind = KINDS[connection.type]
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise InvalidInputError(f"{pair!r} is no setting.", remedy="Write it as key=value.")
        group, dot, rest = key.partition(".")
        if dot and group in {"configs", "secrets"}:
            (configs if group == "configs" else secrets)[rest] = _given(value, environment)
        elif key in kind.secrets:
            secrets[key] = _given(value, environment)
        elif key in kind.configs:
            configs[key] = _given(value, environment)
        else:
            remedy = "Write configs.<key>=value or secrets.<key>=value." if kind.open else remedy_for_key(key, kind)
            raise InvalidInputError(f"A connection of type {connection.type} has no key {key!r}.", remedy=remedy)
    return ConnectionWrite(name=connection.name, type=connection.type, configs=configs, secrets=secrets)


def _given(value: str, environment: Mapping[str, str]) -> str:
    text = file_value(value)
    return from_environment(value, environment) if text is None else text


def _root(path: Path) -> Node | None:
    try:
        node = _compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise ConnectionFileError(f"The file {str(path)!r} cannot be read: {error.strerror}.", remedy="Check the path.") from error
    except UnicodeDecodeError as error:
        raise ConnectionFileError(f"The file {str(path)!r} is not UTF-8 text.", remedy="Save it as UTF-8.") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = Location(file=str(path), line=mark.line + 1 if mark else None, column=mark.column + 1 if mark else None)
        raise ConnectionFileError(f"The file is no YAML: {error.problem}.", remedy="Correct it there.", location=place) from error
    except yaml.YAMLError as error:
        raise ConnectionFileError(f"The file is no YAML: {error}.", location=Location(file=str(path))) from error
    return node


def _entries(reading: _Reading, node: MappingNode) -> dict[str, tuple[Node, Node]]:
    found: dict[str, tuple[Node, Node]] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            reading.complain(key, "A key has to be text.")
        elif key.value in found:
            reading.complain(key, f"{key.value!r} is there twice.", "Keep one of them.")
        else:
            found[key.value] = (key, value)
    return found


def _type(reading: _Reading, entries: dict[str, tuple[Node, Node]], path: Path) -> ConnectionType:
    given = entries.get("type")
    text = _scalar(reading, given)
    if given is None or text is None:
        reading.done()
        raise ConnectionFileError(
            "The connection has no type.", remedy=f"Add 'type:' with one of: {', '.join(TYPES)}.", location=Location(file=str(path))
        )
    kind = type_named(text)
    if kind is None:
        like = nearest(text, list(TYPES))
        remedy = f"Did you mean {like!r}?" if like else f"The types are: {', '.join(TYPES)}."
        reading.complain(given[1], f"There is no type {text!r} of connection.", remedy)
        reading.done()
        raise AssertionError
    return kind


def _read_typed(
    reading: _Reading, entries: dict[str, tuple[Node, Node]], kind: Kind, configs: dict[str, str], secrets: dict[str, str]
) -> None:
    for key, (node, value) in entries.items():
        if key in _TOP_KEYS:
            continue
        if key not in kind.configs and key not in kind.secrets:
            top = nearest(key, [*_TOP_KEYS, *kind.configs, *kind.secrets])
            reading.complain(node, f"Unknown key {key!r}.", f"Did you mean {top!r}?" if top else remedy_for_key(key, kind))
            continue
        text = _prices(reading, node, value) if key == PRICES else _scalar(reading, (node, value))
        if text is not None:
            (secrets if key in kind.secrets else configs)[key] = text


def _prices(reading: _Reading, key: Node, value: Node) -> str | None:
    """Return the prices as text, which may stand in the file as a mapping."""
    text = _serialize(value) if isinstance(value, MappingNode) else _scalar(reading, (key, value))
    if text is None:
        return None
    try:
        read_prices(text)
    except InvalidInputError as error:
        reading.complain(value, error.message, error.remedy)
        return None
    return to_json(yaml.safe_load(text)).decode() if isinstance(value, MappingNode) else text


def _read_open(reading: _Reading, entries: dict[str, tuple[Node, Node]], configs: dict[str, str], secrets: dict[str, str]) -> None:
    for key, (node, value) in entries.items():
        if key in {"configs", "secrets"}:
            if not isinstance(value, MappingNode):
                reading.complain(value, f"{key!r} has to be a mapping of names to text.")
                continue
            for name, pair in _entries(reading, value).items():
                text = _scalar(reading, pair)
                if text is not None:
                    (configs if key == "configs" else secrets)[name] = text
        elif key in _CUSTOM_KEYS or key == "module":
            text = _scalar(reading, (node, value))
            if text is not None:
                configs[key] = text
        elif key not in _TOP_KEYS:
            known = [*_TOP_KEYS, *_CUSTOM_KEYS, "configs", "secrets"]
            like = nearest(key, known)
            remedy = f"Did you mean {like!r}?" if like else "Put it below 'configs:' or 'secrets:'."
            reading.complain(node, f"Unknown key {key!r}.", remedy)


def _scalar(reading: _Reading, entry: tuple[Node, Node] | None) -> str | None:
    if entry is None:
        return None
    key, value = entry
    if not isinstance(value, ScalarNode):
        name = key.value if isinstance(key, ScalarNode) else ""
        reading.complain(value, f"{name!r} has to be text, got a {_shape(value)}.", "Write one value, in quotes if it has a ':' in it.")
        return None
    if value.tag == "tag:yaml.org,2002:null":
        return None
    try:
        return from_environment(str(value.value), reading.environment)
    except InvalidInputError as error:
        reading.complain(value, error.message, error.remedy)
        return None


def _shape(node: Node) -> str:
    return "mapping" if isinstance(node, MappingNode) else "list"


def from_environment(text: str, environment: Mapping[str, str]) -> str:
    """Return `text` with every ``${env:NAME}`` in it replaced.

    Raises:
        InvalidInputError: a variable is not set.
    """

    def found(match: re.Match[str]) -> str:
        name = match[1].strip()
        value = environment.get(name)
        if value is None:
            raise InvalidInputError(f"The environment variable {name!r} is not set.", remedy=f"Run: export {name}=…")
        return value

    return _ENVIRONMENT.sub(found, text)


def _inline_script(path: Path, configs: dict[str, str]) -> None:
    """A script may be a file beside the connection's; what is kept is its text."""
    script = configs.get("script", "")
    if script and "\n" not in script and ":" not in script:
        try:
            configs["script"] = (path.parent / script).read_text("utf-8")
        except OSError as error:
            raise ConnectionFileError(
                f"The script file {script!r} cannot be read: {error.strerror}.", location=Location(file=str(path)), remedy="Check its path."
            ) from error
