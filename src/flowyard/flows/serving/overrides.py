"""Connections as the environment of a served flow changes them: ``<CONNECTION>_<KEY>`` in upper case wins over the connection's value."""

import logging
import os
from collections.abc import Mapping
from typing import Any

from flowyard.flows.model import FlowSpec

logger = logging.getLogger(__name__)

_GROUPS = ("configs", "secrets")
# What a connection of these types always has in prompt flow, by its own defaults.
_DEFAULTED = {"azure_open_ai": ("api_type", "api_version", "auth_mode")}


def override_connections(
    connections: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Return `connections` with the values that the environment gives: for ``my conn`` and ``api_key`` that of ``MY_CONN_API_KEY``.

    Only keys that a connection has are looked for, as in prompt flow, where one of Azure OpenAI always has ``api_type``, ``api_version``
    and ``auth_mode``.
    """
    env = os.environ if environment is None else environment
    return {name: _overridden(name, dict(values), env) for name, values in connections.items()}


def variable(connection: str, key: str) -> str:
    """Return the name of the variable that overrides a connection's key."""
    return f"{connection.replace(' ', '_')}_{key}".upper()


def serving_variables(flow: FlowSpec, given: Mapping[str, str], environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that decide for a served flow: `given` ones, else the process's, else those of the flow's own file.

    A value that is a reference to a connection decides nothing about connections, and is left out.
    """
    own = {name: str(value) for name, value in flow.environment_variables.items() if not isinstance(value, dict | list)}
    found = {**own, **(os.environ if environment is None else environment), **given}
    return {name: value for name, value in found.items() if not value.startswith("${")}


def _overridden(name: str, values: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    for group in _GROUPS:
        members: dict[str, Any] = dict(values.get(group) or {})
        keys = (*members, *(_DEFAULTED.get(str(values.get("type")), ()) if group == "configs" else ()))
        found = {key: environment[variable(name, key)] for key in keys if variable(name, key) in environment}
        for key in found:
            logger.info("The environment variable %s replaces %r of the connection %r.", variable(name, key), key, name)
        values[group] = members | found
    return values
