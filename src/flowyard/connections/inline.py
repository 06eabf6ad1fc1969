"""Connections that a program gives as data or as objects: ``{name: ...}`` to ``{name: {"type", "configs", "secrets"}}``.

A connection is a mapping in one of three forms: ours (``type``, ``configs``, ``secrets``); prompt flow's file (``type`` and flat keys);
prompt flow's execution form (``type``, ``value``, ``secret_keys``). Or an object of prompt flow's classes.
"""

import os
from collections.abc import Mapping
from typing import Any, cast

from flowyard.connections.errors import ConnectionInvalidError
from flowyard.connections.files import from_environment
from flowyard.connections.kinds import KINDS, TYPES, remedy_for_key, type_named
from flowyard.connections.prices import PRICES, read_prices
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import Location, nearest

_GROUPS = ("configs", "secrets", "value")
_ASIDE = frozenset({"type", "name", "module", "secret_keys", "$schema", *_GROUPS})


def inline_connections(given: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """Return `given` in our form; ``${env:NAME}`` in texts is read from `environment`, default this process's.

    Raises:
        ConnectionInvalidError: a connection is no mapping, its type is unknown, or a key is none of its type's.
        InvalidInputError: an environment variable is not set.
    """
    variables = os.environ if environment is None else environment
    return {name: _connection(name, said, variables) for name, said in given.items()}


def _connection(name: str, said: Any, environment: Mapping[str, str]) -> dict[str, Any]:
    fields = _fields(name, said)
    kind = _type(name, str(fields.get("type") or "custom"))
    configs = dict(cast("Mapping[str, Any]", fields.get("configs") or {}))
    secrets = dict(cast("Mapping[str, Any]", fields.get("secrets") or {}))
    secret_keys = set(cast("list[str]", fields.get("secret_keys") or []))
    flat = {**cast("Mapping[str, Any]", fields.get("value") or {}), **{key: value for key, value in fields.items() if key not in _ASIDE}}
    known = KINDS.get(cast("Any", kind))
    for key, value in flat.items():
        if known is not None and not known.open and key not in (*known.configs, *known.secrets):
            raise ConnectionInvalidError(
                f"The connection {name!r} of type {kind} has no key {key!r}.",
                remedy=remedy_for_key(key, known),
                location=Location(pointer=f"/{name}/{key}"),
            )
        secret = key in secret_keys or (known is not None and key in known.secrets)
        (secrets if secret else configs)[key] = value
    texts = _texts(configs, environment)
    if PRICES in texts and known is not None and not known.open:
        read_prices(texts[PRICES])
    return {"type": kind, "configs": texts, "secrets": _texts(secrets, environment)}


def _fields(name: str, said: Any) -> Mapping[str, Any]:
    if isinstance(said, Mapping):
        return cast("Mapping[str, Any]", said)
    if all(hasattr(said, attribute) for attribute in ("kind", "configs", "secrets")):
        return {"type": said.kind, "configs": said.configs, "secrets": said.secrets}
    raise ConnectionInvalidError(
        f"The connection {name!r} is {type(said).__name__}, expected a mapping.",
        remedy='Write {"type": "open_ai", "api_key": ...}, or give an object of promptflow.connections.',
        location=Location(pointer=f"/{name}"),
    )


def _type(name: str, text: str) -> str:
    found = type_named(text)
    if found is not None:
        return found
    like = nearest(text, list(TYPES))
    if like is None:
        return text  # a plugin's
    raise ConnectionInvalidError(
        f"The connection {name!r} is of type {text!r}, which is none.",
        remedy=f"Did you mean {like!r}?",
        location=Location(pointer=f"/{name}/type"),
    )


def _texts(values: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    return {key: _text(key, value, environment) for key, value in values.items() if value is not None}


def _text(key: str, value: Any, environment: Mapping[str, str]) -> str:
    if isinstance(value, str):
        return from_environment(value, environment)
    return to_json(value).decode() if key == PRICES else str(value)
