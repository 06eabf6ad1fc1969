"""The types of connections: which keys each has, and which of these are secret."""

from dataclasses import dataclass
from typing import get_args

from flowyard.connections.errors import ConnectionInvalidError
from flowyard.connections.prices import PRICES, read_prices
from flowyard.foundation.errors import Location, nearest
from flowyard.wire.connections import ConnectionType, ConnectionWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One type of connection.

    Attributes:
        configs: keys whose values are shown.
        secrets: keys whose values are not.
        required: those of both that must be there.
        addresses: configs that say where secrets are sent.
        open: any other key is taken too (``custom``).
    """

    configs: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ("api_key",)
    required: tuple[str, ...] = ("api_key",)
    addresses: tuple[str, ...] = ()
    open: bool = False


_SERVICE = Kind(configs=("endpoint", "api_version", "api_type", "auth_mode"), required=("endpoint", "api_key"), addresses=("endpoint",))
_DATABASE = Kind(configs=("api_base",), required=("api_base", "api_key"), addresses=("api_base",))

#: Keys as in prompt flow's connection YAML.
KINDS: dict[ConnectionType, Kind] = {
    "local": Kind(configs=("base_url", PRICES), required=(), addresses=("base_url",)),
    "azure_open_ai": Kind(
        configs=("api_base", "azure_endpoint", "api_type", "api_version", "auth_mode", "resource_id", PRICES),
        required=(),
        addresses=("api_base", "azure_endpoint"),
    ),
    "open_ai": Kind(configs=("organization", "base_url", PRICES), addresses=("base_url",)),
    "serverless": Kind(configs=("api_base", "base_url", PRICES), required=(), addresses=("api_base", "base_url")),
    "scripted": Kind(configs=("script", PRICES), secrets=(), required=()),
    "cognitive_search": Kind(configs=("api_base", "api_version", "auth_mode"), required=("api_base",), addresses=("api_base",)),
    "azure_ai_services": _SERVICE,
    "azure_content_safety": _SERVICE,
    "form_recognizer": _SERVICE,
    "serp": Kind(),
    "qdrant": _DATABASE,
    "weaviate": _DATABASE,
    "custom": Kind(secrets=(), required=(), open=True),
}
TYPES: tuple[ConnectionType, ...] = get_args(ConnectionType)
#: One of these has to be there, for the types that know their address by two names.
EITHER: dict[ConnectionType, tuple[str, ...]] = {
    "azure_open_ai": ("api_base", "azure_endpoint"),
    "serverless": ("api_base", "base_url"),
}
MAX_VALUE = 100_000


def type_named(text: str) -> ConnectionType | None:
    """Return the type that `text` means; prompt flow's spellings (``AzureOpenAI``, ``azure_open_ai``) are one."""
    plain = text.replace("_", "").replace("-", "").replace(" ", "").lower().removesuffix("connection")
    return _SPELLINGS.get(plain)


def check_values(connection: ConnectionWrite) -> None:
    """Return when the keys and values fit the type. Kept secrets count as given.

    Raises:
        ConnectionInvalidError: a key is unknown, missing, or on the wrong side, or a value is no text that can be kept.
    """
    kind = KINDS[connection.type]
    if not kind.open:
        _check_known(connection, kind)
        _check_required(connection, kind)
    for group, values in (("configs", connection.configs), ("secrets", connection.secrets)):
        for key, value in values.items():
            _check_value(connection.name, group, key, value)
    if connection.type == "scripted":
        _check_script(connection)
    if not kind.open and PRICES in connection.configs:
        read_prices(connection.configs[PRICES])
    both = set(connection.configs) & set(connection.secrets)
    if both:
        key = sorted(both)[0]
        raise ConnectionInvalidError(
            f"{key!r} is both a config and a secret.", remedy="Give it once.", location=Location(pointer=f"/configs/{key}")
        )


def _check_known(connection: ConnectionWrite, kind: Kind) -> None:
    for group, known, values in (("configs", kind.configs, connection.configs), ("secrets", kind.secrets, connection.secrets)):
        for key in values:
            if key not in known:
                raise ConnectionInvalidError(
                    f"A connection of type {connection.type} has no {group.removesuffix('s')} {key!r}.",
                    remedy=remedy_for_key(key, kind),
                    location=Location(pointer=f"/{group}/{key}"),
                )


def _check_required(connection: ConnectionWrite, kind: Kind) -> None:
    given = {key for values in (connection.configs, connection.secrets) for key, value in values.items() if value}
    keyless = connection.configs.get("auth_mode") == "meid_token"
    missing = [key for key in kind.required if key not in given and not (keyless and key == "api_key")]
    either = EITHER.get(connection.type, ())
    if either and not given & set(either):
        missing.insert(0, either[0])
    if missing:
        group = "secrets" if missing[0] in kind.secrets else "configs"
        raise ConnectionInvalidError(
            f"A connection of type {connection.type} needs {missing[0]!r}.",
            remedy="Give it, and then test the connection.",
            location=Location(pointer=f"/{group}/{missing[0]}"),
        )


def _check_value(name: str, group: str, key: str, value: str) -> None:
    reason = None
    if not key or len(key) > 200 or "\0" in key:
        reason = f"Connection {name!r} has a key that is empty, too long or not text."
    elif len(value) > MAX_VALUE:
        reason = f"The value of {key!r} has {len(value)} characters; at most {MAX_VALUE} are kept."
    elif "\0" in value:
        reason = f"The value of {key!r} holds a NUL character."
    if reason:
        raise ConnectionInvalidError(reason, remedy="Give plain text.", location=Location(pointer=f"/{group}/{key[:100]}"))


def _check_script(connection: ConnectionWrite) -> None:
    """A script on the server is its text: the path of a file there would let its author read files of the server."""
    import yaml

    try:
        script = yaml.safe_load(connection.configs.get("script") or "{}")
    except yaml.YAMLError as error:
        raise ConnectionInvalidError(
            f"The script is no YAML: {getattr(error, 'problem', error)}.", location=Location(pointer="/configs/script")
        ) from error
    if not isinstance(script, dict):
        raise ConnectionInvalidError(
            "The script has to be a YAML mapping with rules or answers.",
            remedy="Give its text; `flowyard connection create --file` reads the file that `script` names.",
            location=Location(pointer="/configs/script"),
        )


def remedy_for_key(key: str, kind: Kind) -> str:
    """Return what to write instead of an unknown key."""
    known = [*kind.configs, *kind.secrets]
    like = nearest(key, known)
    return f"Did you mean {like!r}?" if like else f"Its keys are: {', '.join(known)}."


def _spellings() -> dict[str, ConnectionType]:
    found: dict[str, ConnectionType] = {name.replace("_", ""): name for name in TYPES}
    return {**found, "azureaisearch": "cognitive_search", "customstrong": "custom", "customstrongtype": "custom"}


_SPELLINGS = _spellings()
