"""Answers whether a model fits: for a card's page with all figures, for lists with a word."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import lru_cache

from flowyard.catalog.cards import Card
from flowyard.catalog.errors import ModelNotLocalError
from flowyard.catalog.facts import BITS_PER_WEIGHT, Architecture, YesNo, estimated_bytes
from flowyard.catalog.fit import machine
from flowyard.catalog.fit.errors import FitInvalidError
from flowyard.catalog.fit.machine import Room
from flowyard.catalog.fit.memory import Load, Need, knows_window, need_of
from flowyard.catalog.ports import Fit
from flowyard.foundation.errors import Location
from flowyard.inference.engines.onnx_models import AT_ONCE
from flowyard.inference.engines.settings import CacheType, EngineKind
from flowyard.wire.model_fit import FitPlace, FitVerdict, MemoryNeed, ModelFit

#: The share of a place that one model may take: the rest is for the platform, and vLLM's own default (gpu_memory_utilization).
SHARE = 0.9
#: What is counted with where neither the question nor the card says more.
CONTEXT, ENCODER_CONTEXT, CONCURRENCY = 4096, 512, 1
LONGEST_CONTEXT, MOST_AT_ONCE = 10_000_000, 10_000
_ENCODERS = ("embeddings", "rerank")
_RANK: dict[FitVerdict, int] = {"yes": 0, "tight": 1, "unknown": 2, "no": 3}
_FRESH_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FitQuery:
    """What to count with; None: as the card runs, else short requests one at a time."""

    context: int | None = None
    concurrency: int | None = None
    cache_type: CacheType | None = None
    quantization: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The places that models may be in."""

    memory: Room | None
    cards: tuple[Room, ...] = ()


def this_machine() -> Machine:
    """Return the machine as it is; what was asked is taken for true for some seconds."""
    return _this_machine(int(time.monotonic() / _FRESH_S))


@lru_cache(maxsize=1)
def _this_machine(when: int) -> Machine:
    del when
    return Machine(memory=machine.memory(), cards=machine.cards())


def fit_of(card: Card, query: FitQuery, here: Machine) -> ModelFit:
    """Return whether a model fits, counted from its card alone.

    Raises:
        ModelNotLocalError: it is hosted.
        FitInvalidError: the context, the requests at once or the format of the weights cannot be.
    """
    if card.connection is not None:
        raise ModelNotLocalError(f"The model {card.name!r} is hosted by others: it takes no memory here.", remedy="Call it as it is.")
    load = _load(card, query)
    places = tuple(_place(card, room, engine, load, query.quantization) for room, engine in _rooms(card, here))
    best = min(places, key=lambda place: _RANK[place.verdict], default=None)
    quantization = _quantization(card, best.engine if best else "llamacpp", query.quantization)
    return ModelFit(
        model=card.name,
        context=load.context,
        concurrency=load.concurrency,
        cache_type=load.cache_type,
        quantization=quantization,
        weights_estimated=not card.files,
        verdict="unknown" if best is None else best.verdict,
        summary=_summary(load, best),
        reasons=tuple(_reasons(card, quantization)),
        largest_context=None if best is None else _largest(card, best, load, query.quantization),
        places=places,
    )


def fits(card: Card, here: Callable[[], Machine] = this_machine) -> Fit:
    """Say for lists whether a model runs on this machine (`catalog.ports.Fits`): with what could be freed, as its card runs it."""
    if card.connection is not None:
        return Fit(runs="no", reason="It is hosted, and called through a connection.")
    found = fit_of(card, FitQuery(), here())
    words: dict[FitVerdict, YesNo] = {"yes": "yes", "tight": "yes", "no": "no", "unknown": "unknown"}
    return Fit(runs=words[found.verdict], reason=None if found.verdict == "yes" else found.summary)


def _load(card: Card, query: FitQuery) -> Load:
    engine, encoder = card.engine, card.task in _ENCODERS
    most = card.context_length
    usual = engine.context if engine else ENCODER_CONTEXT if encoder else CONTEXT
    context = min(usual, most or usual) if query.context is None else query.context
    if not 1 <= context <= LONGEST_CONTEXT or (most is not None and context > most):
        bound = most or LONGEST_CONTEXT
        raise FitInvalidError(
            f"A context of {context:,} tokens is out of bounds: {card.name!r} takes 1 to {bound:,}.", location=Location(pointer="/context")
        )
    usual_at_once = AT_ONCE if encoder else engine.parallel if engine else CONCURRENCY
    at_once = usual_at_once if query.concurrency is None else query.concurrency
    if not 1 <= at_once <= MOST_AT_ONCE:
        raise FitInvalidError(
            f"{at_once:,} requests at once are out of bounds: 1 to {MOST_AT_ONCE:,}.", location=Location(pointer="/concurrency")
        )
    return Load(context=context, concurrency=at_once, cache_type=query.cache_type or (engine.cache_type if engine else "f16"))


def _rooms(card: Card, here: Machine) -> list[tuple[Room, EngineKind]]:
    """Return the places where the model's engine would run: cards for vLLM, memory for the others, both while that is open."""
    kind = card.engine.kind if card.engine else None
    found: list[tuple[Room, EngineKind]] = []
    if here.memory is not None and kind != "vllm":
        usual: EngineKind = kind or ("onnx" if card.task in _ENCODERS else "llamacpp")
        found.append((here.memory, usual))
    if kind == "vllm" or (kind is None and card.task not in _ENCODERS):
        found.extend((room, "vllm") for room in here.cards)
    return found


def _quantization(card: Card, engine: EngineKind, asked: str | None) -> str:
    if card.files:
        if asked is not None and asked != card.quantization:
            raise FitInvalidError(
                f"The files of {card.name!r} are in {card.quantization or 'a format that is not known'}, not {asked!r}.",
                remedy="Leave quantization out.",
                location=Location(pointer="/quantization"),
            )
        return card.quantization or "unknown"
    if asked is not None and asked not in BITS_PER_WEIGHT:
        raise FitInvalidError(
            f"There is no format {asked!r} to count with.",
            remedy=f"It is one of {', '.join(BITS_PER_WEIGHT)}.",
            location=Location(pointer="/quantization"),
        )
    return asked or {"llamacpp": "q4_0", "onnx": "q8_0", "vllm": "bf16"}[engine]


def _weights(card: Card, engine: EngineKind, asked: str | None) -> int | None:
    quantization = _quantization(card, engine, asked)
    if card.files:
        return card.bytes_total
    return None if card.parameters is None else estimated_bytes(card.parameters, quantization)


def _need(card: Card, engine: EngineKind, load: Load, asked: str | None) -> Need | None:
    weights = _weights(card, engine, asked)
    if weights is None or card.architecture is None:
        return None
    return need_of(card.architecture, weights, engine, load)


def _place(card: Card, room: Room, engine: EngineKind, load: Load, asked: str | None) -> FitPlace:
    usable, need = round(room.total * SHARE), _need(card, engine, load, asked)
    weights = _weights(card, engine, asked)
    verdict: FitVerdict = "unknown"
    if need is not None:
        verdict = "no" if need.total > usable else "yes" if need.total <= room.free else "tight"
    elif weights is not None and weights > usable:
        verdict = "no"
    shown = None if need is None else MemoryNeed(**asdict(need), total=need.total)
    limit = "container" if room.limit == "container" else "machine"
    return FitPlace(
        name=room.name, engine=engine, total=room.total, free=room.free, usable=usable, limit=limit, verdict=verdict, need=shown
    )


def _largest(card: Card, place: FitPlace, load: Load, asked: str | None) -> int | None:
    """Return the longest context that fits into the usable share of a place; 0: not even the shortest does."""
    if place.need is None or card.context_length is None:
        return None
    low, high = 0, card.context_length
    while low < high:
        middle = (low + high + 1) // 2
        need = _need(card, place.engine, Load(context=middle, concurrency=load.concurrency, cache_type=load.cache_type), asked)
        if need is not None and need.total <= place.usable:
            low = middle
        else:
            high = middle - 1
    return low


def _summary(load: Load, best: FitPlace | None) -> str:
    if best is None:
        return "How much memory this machine has is not known, or the model wants a card and there is none."
    whose = "this machine's memory" if best.name == "memory" else best.name
    if best.need is None:
        word = (
            "It does not fit: its weights alone are more than"
            if best.verdict == "no"
            else "Not enough is known of the model to compare it with"
        )
        return f"{word} the {_size(best.usable)} that a model may take of {whose}."
    what = "text" if best.engine == "onnx" else "request"
    tokens = f"of {load.context:,} tokens"
    many = f"{load.concurrency:,} {what}s {tokens} at once" if load.concurrency > 1 else f"one {what} {tokens}"
    asked = f"about {_size(best.need.total)} for {many}"
    if best.verdict == "yes":
        return f"It fits: {asked}, and {_size(best.free)} of {whose} are free."
    if best.verdict == "tight":
        return f"It would fit if something else ended: {asked}, and only {_size(best.free)} of {whose} are free now."
    return f"It does not fit: {asked}, and a model may take {_size(best.usable)} of {whose} ({_size(best.total)})."


def _reasons(card: Card, quantization: str) -> list[str]:
    found: list[str] = []
    if not card.files:
        bits = BITS_PER_WEIGHT[quantization]
        known = f"its parameters in {quantization} ({bits:g} bits each)"
        found.append(f"Weights are counted from {known}." if card.parameters else "How many parameters it has is not known.")
    missing = _missing(card.architecture, card.task in _ENCODERS)
    if missing:
        found.append(f"Its card does not say: {', '.join(missing)}.")
    elif card.architecture is not None and not knows_window(card.architecture):
        found.append("Which layers look back only over the sliding window is not known: all are counted with the whole context.")
    return found


def _missing(given: Architecture | None, encoder: bool) -> list[str]:
    wanted = (
        ("hidden_size", "vocabulary", "attention_heads") if encoder else ("layers", "kv_heads", "head_dim", "hidden_size", "vocabulary")
    )
    return [name for name in wanted if given is None or getattr(given, name) is None]


def _size(count: int) -> str:
    return f"{count / 1e9:,.2f} GB" if count < 10e9 else f"{count / 1e9:,.0f} GB"
