"""Model cards: YAML files in ``cards/``, one a model, read into typed data."""

import importlib.resources
import re
from functools import cache
from typing import Any, Literal, cast

import msgspec
import yaml

from flowyard.catalog.errors import CardInvalidError
from flowyard.catalog.facts import (
    Architecture,
    CommercialUse,
    ConnectionPlace,
    HubPlace,
    LicenseClass,
    Lifecycle,
    Modality,
    Origin,
    PricePlace,
    YesNo,
    class_of,
)
from flowyard.foundation.errors import Location
from flowyard.inference.engines.settings import EngineSettings

#: A model's name: it is a folder's name, part of a URL, and what callers of /v1 say.
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

#: What stands where a fact is not known.
UNKNOWN = "unknown"

#: A repository of the hub: ``organization/name``.
REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}")

#: PyYAML's safe loader; libyaml's is ten times as fast and not in every wheel.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class CardFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One file: its name in the model's folder, size in bytes, SHA-256, and the addresses of the same bytes, tried in order."""

    name: str
    bytes: int
    sha256: str
    sources: tuple[str, ...]


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What is known of a model.

    A card has `engine` and `files` when the model runs here as it stands, `hub` when its files are to be found on the hub, `connection`
    when it is hosted. What is None, empty or ``unknown`` is not known.

    Attributes:
        name: what callers say; a folder's name and part of URLs.
        collection: the shelf it stands on: its maker's name, or ``Local starters``.
        license: an SPDX identifier, or the license's own name.
        license_class: ``unknown`` stands for what the SPDX identifier says.
        parameters: a count; `active_parameters` are those used for one token (mixtures of experts).
        context_length: tokens that the model was made for; `max_output` tokens of one answer, where it has a bound of its own.
        dimensions: of an embedding.
        languages: BCP 47 tags; ``multilingual`` where the maker names no list.
        capabilities: what its engine or provider does with it.
        tool_use: whether the model was trained to call tools.
        sample_output: what it answered to `sample_input`, recorded; None shows the answer's shape.
        references: addresses that the facts were taken from.
        quantization: of the file that the engine loads.
        chat_template: whether the file has one.
    """

    name: str
    display_name: str
    publisher: str
    collection: str = "Own models"
    task: Literal["chat-completion", "completion", "embeddings", "rerank"]
    license: str = UNKNOWN
    license_url: str | None = None
    license_class: LicenseClass = "unknown"
    commercial_use: CommercialUse = "unknown"
    description: str
    intended_use: str
    limits: str
    parameters: int | None = None
    active_parameters: int | None = None
    architecture: Architecture | None = None
    context_length: int | None = None
    max_output: int | None = None
    dimensions: int | None = None
    languages: tuple[str, ...] = ()
    input_modalities: tuple[Modality, ...] = ("text",)
    output_modalities: tuple[Modality, ...] = ("text",)
    capabilities: tuple[str, ...] = ()
    tool_use: YesNo = "unknown"
    fine_tunable: YesNo = "unknown"
    lifecycle: Lifecycle = "unknown"
    quantization: str | None = None
    chat_template: YesNo = "unknown"
    sample_input: Any = None
    sample_output: Any = None
    references: tuple[str, ...] = ()
    price: PricePlace | None = None
    hub: HubPlace | None = None
    connection: ConnectionPlace | None = None
    engine: EngineSettings | None = None
    files: tuple[CardFile, ...] = ()
    origin: Origin | None = None

    @property
    def bytes_total(self) -> int:
        """The size of all files that the card lists."""
        return sum(file.bytes for file in self.files)

    @property
    def access(self) -> Literal["local", "hub", "connection"]:
        """How the model is had: its files run here, or are to be brought from the hub, or it is called through a connection."""
        if self.connection is not None:
            return "connection"
        return "local" if self.files else "hub"

    @property
    def license_kind(self) -> LicenseClass:
        """The class of the license: the card's word, else what its SPDX identifier says."""
        return class_of(self.license) if self.license_class == "unknown" else self.license_class


def read_card(text: str, file: str) -> Card:
    """Read a card. `file` is its name, for messages.

    Raises:
        CardInvalidError: it is no YAML, a key is unknown or missing, or a value does not fit.
    """
    try:
        card = msgspec.convert(_load(text), type=Card)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise CardInvalidError(f"The card is no YAML: {reason}.", location=Location(file=file, line=line)) from error
    except msgspec.ValidationError as error:
        raise CardInvalidError(f"{error}.", location=Location(file=file)) from error
    for problem in _problems(card):
        raise CardInvalidError(problem, location=Location(file=file))
    return card


def _load(text: str) -> Any:
    """Return what the YAML says. Aliases are refused: a few lines of them stand for more than fits in memory."""
    if "*" in text and _has_aliases(cast("yaml.Node | None", yaml.compose(text, Loader=LOADER))):  # pyright: ignore[reportUnknownMemberType]
        raise yaml.MarkedYAMLError(problem="it has aliases (*name)")
    return yaml.load(text, Loader=LOADER)  # noqa: S506 - a safe loader


def _has_aliases(root: yaml.Node | None) -> bool:
    """Whether a node stands in more than one place."""
    seen: set[int] = set()
    left = [] if root is None else [root]
    while left:
        node = left.pop()
        if id(node) in seen:
            return True
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            left += node.value
        elif isinstance(node, yaml.MappingNode):
            left += [part for pair in node.value for part in pair]
    return False


@cache
def built_in_cards() -> dict[str, Card]:
    """Return the cards that come with the product, by name."""
    folder = importlib.resources.files("flowyard.catalog") / "cards"
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    cards = [read_card(entry.read_text("utf-8"), entry.name) for entry in found]
    return {card.name: card for card in cards}


def schema_text() -> str:
    """Return the JSON Schema (2020-12) of a card, as text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Flowyard model card", **msgspec.json.schema(Card)}
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def _problems(card: Card) -> list[str]:
    found: list[str] = []
    if not NAME.fullmatch(card.name):
        found.append(f"name is {card.name!r}; expected up to 64 of a-z 0-9 . _ -, a letter or digit first.")
    found += _file_problems(card)
    if card.engine is not None:
        found += _engine_problems(card, card.engine)
    elif card.files:
        found.append("files are given and no engine that runs them.")
    if card.connection is not None and (card.engine or card.hub):
        found.append("connection is given beside engine or hub: a model is hosted, or runs here.")
    if card.connection is None and card.hub is None and card.engine is None:
        found.append("the card says nowhere how the model is had; give engine and files, hub, or connection.")
    if card.hub is not None:
        found += [
            f"hub has {place!r}, which is no <organization>/<name>."
            for place in (card.hub.repository, card.hub.gguf)
            if place is not None and not REPOSITORY.fullmatch(place)
        ]
    counts = (card.parameters, card.active_parameters, card.context_length, card.max_output, card.dimensions)
    found += [f"{count} is no count; leave out what is not known." for count in counts if count is not None and count < 1]
    return found


def _file_problems(card: Card) -> list[str]:
    names = [file.name for file in card.files]
    found = [f"file name {name!r} is no plain name." for name in names if "/" in name or name.startswith(".") or not name]
    found += [
        f"{file.name}: sha256 is {file.sha256!r}; expected 64 lower-case hex digits."
        for file in card.files
        if not _SHA256.fullmatch(file.sha256)
    ]
    found += [f"{file.name} has no sources." for file in card.files if not file.sources]
    return found + [f"file name {name!r} is given twice." for name in {name for name in names if names.count(name) > 1}]


def _engine_problems(card: Card, engine: EngineSettings) -> list[str]:
    names = [file.name for file in card.files]
    needed = [name for name in (engine.model_file, engine.tokenizer_file) if name is not None]
    found = [f"engine needs {name!r}, which is not among the files." for name in needed if name not in names]
    if engine.kind == "vllm" and engine.task != "chat":
        found.append(f"engine.task is {engine.task!r}; vLLM serves chat.")
    return found
