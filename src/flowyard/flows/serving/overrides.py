"""Connections as the environment of a served flow changes them: ``<CONNECTION>_<KEY>`` in upper case wins over the connection's value."""

import logging
import os
from collections.abc import Mapping
from typing import Any

logger = logging.getLogger(__name__)

_GROUPS = ("configs", "secrets")


def override_connections(
    connections: Mapping[str, Mapping[str, Any]], environment: Mapping[str, str] | None = None
) -> dict[str, dict[str, Any]]:
    """Return `connections` with the values that the environment gives: for ``my conn`` and ``api_key`` that of ``MY_CONN_API_KEY``.

    Only keys that a connection has are looked for, as in prompt flow.
    """
    env = os.environ if environment is None else environment
    return {name: _overridden(name, dict(values), env) for name, values in connections.items()}


def variable(connection: str, key: str) -> str:
    """Return the name of the variable that overrides a connection's key."""
    return f"{connection.replace(' ', '_')}_{key}".upper()


def _overridden(name: str, values: dict[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    for group in _GROUPS:
        members: dict[str, Any] = dict(values.get(group) or {})
        found = {key: environment[variable(name, key)] for key in members if variable(name, key) in environment}
        for key in found:
            logger.info("The environment variable %s replaces %r of the connection %r.", variable(name, key), key, name)
        values[group] = members | found
    return values
