"""Connections as a built flow carries them: files with placeholders where the secrets were."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from flowyard.connections.files import read_connections_file
from flowyard.flows.build.errors import BuildError
from flowyard.flows.model import FlowSpec
from flowyard.flows.serving.overrides import variable
from flowyard.wire.connections import ConnectionWrite

_PLACEHOLDER = re.compile(r"\$\{env:([^}]+)\}")


class _Unresolved(Mapping[str, str]):
    """An environment in which every variable is its own placeholder, so that nothing of this machine gets into a build."""

    def __getitem__(self, name: str) -> str:
        return f"${{env:{name}}}"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class ConnectionFile:
    """A connection of a build: the file's text, and the environment variables that have to be set where it runs."""

    name: str
    text: str
    variables: tuple[str, ...]

    @property
    def filename(self) -> str:
        """The file's name: that of the connection, of characters that are safe everywhere."""
        return re.sub(r"[^A-Za-z0-9._-]", "_", self.name) + ".yaml"


def without_secrets(path: Path) -> tuple[ConnectionFile, ...]:
    """Return the connections of the file at `path` without their secrets: each becomes ``${env:<CONNECTION>_<KEY>}``.

    Placeholders that the file has already stay what they are, and nothing is read from this process's environment.

    Raises:
        ConnectionFileError: the file cannot be used.
    """
    return tuple(without_its_secrets(read) for read in read_connections_file(path, _Unresolved()))


def without_its_secrets(read: ConnectionWrite) -> ConnectionFile:
    """Return a connection as a file without its secrets, which have placeholders instead."""
    secrets = {
        key: value if _PLACEHOLDER.fullmatch(value) else f"${{env:{_variable(read.name, key)}}}" for key, value in read.secrets.items()
    }
    document: dict[str, Any] = {"name": read.name, "type": read.type}
    strong = ("custom_type", "module", "package", "package_version")
    if read.type == "custom":
        document |= {key: read.configs[key] for key in strong if key in read.configs}
        document |= {"configs": {key: value for key, value in read.configs.items() if key not in strong}, "secrets": secrets}
    else:
        document |= {**read.configs, **secrets}
    text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return ConnectionFile(read.name, text, tuple(dict.fromkeys(_PLACEHOLDER.findall(text))))


def check_given(flow: FlowSpec, given: Mapping[str, object]) -> None:
    """Return when every connection that an LLM node names is given.

    Raises:
        BuildError: one is not; where the flow runs later there is nobody to ask for it.
    """
    for node in flow.nodes:
        if node.connection and node.connection not in given:
            raise BuildError(
                f"The node {node.name!r} calls its model through the connection {node.connection!r}, which was not given.",
                remedy="Give it with --connections-file FILE.yaml; its secrets are left out, and asked of the environment where it runs.",
            )


def _variable(connection: str, key: str) -> str:
    return re.sub(r"[^A-Z0-9_]", "_", variable(connection, key))
