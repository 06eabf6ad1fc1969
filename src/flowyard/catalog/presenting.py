"""A card as the API shows it: what it says, and what follows from it."""

from typing import Any

from flowyard.catalog.cards import Card
from flowyard.catalog.facts import BITS_PER_WEIGHT, estimated_bytes
from flowyard.inference.prices import list_price
from flowyard.wire.models import (
    ModelArchitecture,
    ModelConnection,
    ModelFile,
    ModelHub,
    ModelOrigin,
    ModelPrice,
    ModelSize,
    SizeClass,
)

_SIZES: tuple[tuple[float, SizeClass], ...] = ((1e9, "up-to-1b"), (4e9, "1b-4b"), (15e9, "4b-15b"), (40e9, "15b-40b"))
_MESSAGES = {"messages": [{"role": "user", "content": "Name three uses of a paper clip."}]}
_INPUTS: dict[str, Any] = {
    "chat-completion": _MESSAGES,
    "completion": {"prompt": "The three primary colours are"},
    "embeddings": {"input": ["How do I return a parcel?", "Returns are free within 30 days."]},
    "rerank": {
        "query": "How do I return a parcel?",
        "documents": ["Returns are free within 30 days.", "We ship to 40 countries."],
    },
}
_OUTPUTS: dict[str, Any] = {
    "chat-completion": {
        "object": "chat.completion",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "<text>"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": "<count>", "completion_tokens": "<count>", "total_tokens": "<count>"},
    },
    "completion": {"object": "text_completion", "choices": [{"index": 0, "text": "<text>", "finish_reason": "stop"}]},
    "embeddings": {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": "<numbers, one a dimension>"}]},
    "rerank": {"results": [{"index": 0, "relevance_score": "<number, higher is nearer>"}]},
}


def sample_input(card: Card) -> Any:
    """Return the card's sample request, or one that fits its task."""
    return _INPUTS[card.task] if card.sample_input is None else card.sample_input


def sample_output(card: Card) -> Any:
    """Return what the model answered to the sample, or the shape of such an answer."""
    return _OUTPUTS[card.task] if card.sample_output is None else card.sample_output


def size_class(card: Card) -> SizeClass:
    """Return how large a model is, by its parameters."""
    if card.parameters is None:
        return "unknown"
    for limit, name in _SIZES:
        if card.parameters <= limit:
            return name
    return "over-40b"


def sizes(card: Card) -> tuple[ModelSize, ...]:
    """Return what the weights take: of the files here, or estimated from the parameters for models whose weights are open."""
    if card.files:
        return (ModelSize(quantization=card.quantization or "unknown", bytes=card.bytes_total, estimated=False),)
    if card.connection is not None or card.parameters is None:
        return ()
    count = card.parameters
    return tuple(ModelSize(quantization=name, bytes=estimated_bytes(count, name), estimated=True) for name in BITS_PER_WEIGHT)


def architecture(card: Card) -> ModelArchitecture | None:
    """Return the numbers of the transformer."""
    given = card.architecture
    if given is None:
        return None
    return ModelArchitecture(**{name: getattr(given, name) for name in given.__struct_fields__})


def price(card: Card) -> ModelPrice | None:
    """Return the list price of a hosted model, or None where it is not known."""
    if card.price is None:
        return None
    found = list_price(card.price.provider, card.price.model)
    if found is None:
        return None
    return ModelPrice(
        input=str(found.prompt),
        output=None if found.completion is None else str(found.completion),
        cached_input=None if found.cached is None else str(found.cached),
        tiered=found.tiered,
        source=f"genai-prices {found.version}",
    )


def places(card: Card) -> dict[str, Any]:
    """Return how a model is had, as keywords of `Model`."""
    hub, connection, origin = card.hub, card.connection, card.origin
    return {
        "files": tuple(ModelFile(name=file.name, sources=file.sources, bytes=file.bytes, sha256=file.sha256) for file in card.files),
        "hub": hub and ModelHub(repository=hub.repository, gguf=hub.gguf, revision=hub.revision, gated=hub.gated),
        "connection": connection and ModelConnection(types=tuple(connection.types), model=connection.model, base_url=connection.base_url),
        "origin": origin
        and ModelOrigin(source=origin.source, revision=origin.revision, imported_at=origin.imported_at, imported_by=origin.imported_by),
    }


def facts(card: Card) -> dict[str, Any]:
    """Return what a card says of a model, as keywords of `Model`."""
    plain = (
        "name", "display_name", "publisher", "collection", "task", "access", "license", "license_url", "commercial_use", "parameters",
        "active_parameters", "quantization", "context_length", "max_output", "dimensions", "languages", "input_modalities",
        "output_modalities", "capabilities", "tool_use", "fine_tunable", "chat_template", "lifecycle", "references",
    )  # fmt: skip
    return {
        **{name: getattr(card, name) for name in plain},
        **{name: getattr(card, name).strip() for name in ("description", "intended_use", "limits")},
        **places(card),
        "license_class": card.license_kind,
        "size_class": size_class(card),
        "sizes": sizes(card),
        "architecture": architecture(card),
        "sample_input": sample_input(card),
        "sample_output": sample_output(card),
        "sample_recorded": card.sample_output is not None,
        "price": price(card),
    }
