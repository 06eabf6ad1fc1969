"""The space of configurations: what is in it, and what is drawn of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.rag.chunking.settings import ChunkSettings
from flowyard.rag.measuring.metrics import DEPTHS
from flowyard.wire.index_tunings import IndexConfiguration, TuningSpace
from flowyard.wire.indexes import ChunkRecipe, IndexSearchKind

_MOST_OF_A_KIND = 20
#: The fewest tokens that a way of cutting proposed by us has.
_SHORT = 32
#: Models that embed take 512 tokens as a rule, of the headings above a chunk, too.
_LONGEST = 448


@dataclass(frozen=True, slots=True)
class Arm:
    """A way of cutting and embedding: what an index is built for. All searches of it share what that finds."""

    chunks: ChunkRecipe
    embedding_model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What is tried: configurations, the present one first, and how many the space has."""

    configurations: tuple[IndexConfiguration, ...]
    space: int

    @property
    def arms(self) -> tuple[Arm, ...]:
        """The ways of cutting and embedding, the present one first."""
        return tuple(dict.fromkeys(arm_of(one) for one in self.configurations))


def arm_of(configuration: IndexConfiguration) -> Arm:
    """Return what a configuration needs an index of."""
    return Arm(configuration.chunks, configuration.embedding_model)


def checked(space: TuningSpace) -> TuningSpace:
    """Return the space without repetitions.

    Raises:
        InvalidInputError: a value is out of bounds, a list is empty or too long.
    """
    for name in ("chunks", "embedding_models", "kinds", "vector_weights", "top_k", "rerank"):
        values = getattr(space, name)
        if len(values) > _MOST_OF_A_KIND:
            raise _wrong(name, f"At most {_MOST_OF_A_KIND} values of {name} can be tried; {len(values)} are given.")
        if not values and name in {"kinds", "top_k", "rerank"}:
            raise _wrong(name, f"At least one value of {name} is needed.")
    if "hybrid" in space.kinds and not space.vector_weights:
        raise _wrong("vector_weights", "A hybrid search needs at least one weight.")
    if any(not 0 <= weight <= 1 for weight in space.vector_weights):
        raise _wrong("vector_weights", "The weight of vectors is from 0 to 1.")
    if any(depth not in DEPTHS for depth in space.top_k):
        raise _wrong("top_k", f"top_k is one of {', '.join(str(depth) for depth in DEPTHS)}, as measured.")
    for recipe in space.chunks:
        ChunkSettings.of(recipe)
    return TuningSpace(**{name: tuple(dict.fromkeys(getattr(space, name))) for name in TuningSpace.__dataclass_fields__})


def proposed(present: ChunkRecipe) -> tuple[ChunkRecipe, ...]:
    """Return ways of cutting to try beside the present one: half as long, up to twice as long, and windows where it has structure."""
    half, twice = present.max_tokens // 2, present.max_tokens * 2
    longer = twice if present.max_tokens > _LONGEST else min(twice, _LONGEST)
    other = "tokens" if present.strategy == "structure" else "structure"
    ways = [present]
    if half >= _SHORT:
        ways.append(replace(present, max_tokens=half, overlap_tokens=min(present.overlap_tokens, half // 2)))
    if longer > present.max_tokens:
        ways.append(replace(present, max_tokens=longer))
    return (*ways, replace(present, strategy=other))


def drawn(space: TuningSpace, present: IndexConfiguration, *, most: int, most_indexes: int, seed: int) -> Drawn:
    """Return what is tried of a space: all of it, or of each way of cutting and embedding as many, drawn with a seed.

    Args:
        space: as `checked` returns it.
        present: the configuration that the index has, which is always tried.
        most: how many configurations at most.
        most_indexes: how many ways of cutting and embedding besides the present one.
        seed: of the draws.
    """
    ways = product(space.chunks or proposed(present.chunks), space.embedding_models or (present.embedding_model,))
    others = [arm for arm in (Arm(*way) for way in ways) if arm != arm_of(present)]
    searches = _searches(space)
    whole = len({arm_of(present), *others}) * len(searches)
    order = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    if len(others) > most_indexes:
        kept = set(order.sample(range(len(others)), most_indexes))
        others = [arm for place, arm in enumerate(others) if place in kept]
    arms = [arm_of(present), *others]
    all_of_each = [[replace(one, chunks=arm.chunks, embedding_model=arm.embedding_model) for one in searches] for arm in arms]
    found = dict.fromkeys([present])
    room = most - 1
    for number, each in enumerate(all_of_each):
        share = room // (len(arms) - number)
        rest = [one for one in each if one not in found]
        picked = sorted(order.sample(range(len(rest)), min(share, len(rest))))
        found |= dict.fromkeys(rest[place] for place in picked)
        room -= len(picked)
    return Drawn(configurations=tuple(found), space=whole + (present not in {one for each in all_of_each for one in each}))


def _searches(space: TuningSpace) -> Sequence[IndexConfiguration]:
    """Return all that a space has of one way of cutting and embedding; a weight is told only of hybrid searches."""
    kinds: list[tuple[IndexSearchKind, float]] = []
    for kind in space.kinds:
        kinds.extend((kind, weight) for weight in (space.vector_weights if kind == "hybrid" else (0.5,)))
    return [
        IndexConfiguration(chunks=ChunkRecipe(), embedding_model="", kind=kind, vector_weight=weight, top_k=top_k, rerank=rerank)
        for (kind, weight), rerank, top_k in product(kinds, space.rerank, space.top_k)
    ]


def _wrong(name: str, message: str) -> InvalidInputError:
    return InvalidInputError(message, location=Location(pointer=f"/space/{name}"))
