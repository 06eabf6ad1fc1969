"""Model cards: YAML files in ``cards/``, one a model, read into typed data."""

import importlib.resources
import logging
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

from flowyard.catalog.errors import CardInvalidError
from flowyard.foundation.errors import Location
from flowyard.inference.engines.settings import EngineSettings

log = logging.getLogger(__name__)

#: A model's name: it is a folder's name, part of a URL, and what callers of /v1 say.
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")

_SHA256 = re.compile(r"[0-9a-f]{64}")


class CardFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file: its name in the model's folder, size in bytes, SHA-256, and the addresses of the same bytes, tried in order."""

    name: str
    bytes: int
    sha256: str
    sources: tuple[str, ...]


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known of a model. `languages` are BCP 47 tags, `parameters` a count, `context_length` tokens that the model was made for."""

    name: str
    display_name: str
    publisher: str
    task: Literal["chat-completion", "completion", "embeddings", "rerank"]
    license: str
    description: str
    intended_use: str
    limits: str
    parameters: int
    context_length: int
    dimensions: int | None = None
    languages: tuple[str, ...]
    capabilities: tuple[str, ...]
    sample_input: Any
    engine: EngineSettings
    files: tuple[CardFile, ...]

    @property
    def bytes_total(self) -> int:
        """The size of all files."""
        return sum(file.bytes for file in self.files)


def read_card(text: str, file: str) -> Card:
    """Read a card. `file` is its name, for messages.

    Raises:
        CardInvalidError: it is no YAML, a key is unknown or missing, or a value does not fit.
    """
    try:
        card = msgspec.convert(yaml.safe_load(text), type=Card)
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


@cache
def built_in_cards() -> dict[str, Card]:
    """Return the cards that come with the product, by name."""
    folder = importlib.resources.files("flowyard.catalog") / "cards"
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    cards = [read_card(entry.read_text("utf-8"), entry.name) for entry in found]
    return {card.name: card for card in cards}


def own_cards(folder: Path) -> dict[str, Card]:
    """Return the cards that an installation has besides, by name: ``*.yaml`` in `folder`. A bad one is left out, and logged."""
    found: dict[str, Card] = {}
    for file in sorted(folder.glob("*.yaml")):
        try:
            card = read_card(file.read_text("utf-8"), str(file))
        except (OSError, UnicodeDecodeError, CardInvalidError) as error:
            log.warning("The card %s is left out: %s", file, error)
        else:
            found[card.name] = card
    return found


def _problems(card: Card) -> list[str]:
    found: list[str] = []
    if not NAME.fullmatch(card.name):
        found.append(f"name is {card.name!r}; expected up to 64 of a-z 0-9 . _ -, a letter or digit first.")
    names = [file.name for file in card.files]
    found += [f"file name {name!r} is no plain name." for name in names if "/" in name or name.startswith(".") or not name]
    found += [
        f"{file.name}: sha256 is {file.sha256!r}; expected 64 lower-case hex digits."
        for file in card.files
        if not _SHA256.fullmatch(file.sha256)
    ]
    found += [f"{file.name} has no sources." for file in card.files if not file.sources]
    if card.engine.kind == "vllm" and card.engine.task != "chat":
        found.append(f"engine.task is {card.engine.task!r}; vLLM serves chat.")
    needed = [name for name in (card.engine.model_file, card.engine.tokenizer_file) if name is not None]
    found += [f"engine needs {name!r}, which is not among the files." for name in needed if name not in names]
    return found
