# ruff: noqa: S101  # what holds for every state is asked at once
"""Steps of an index for tests, the same for the same seed, and what is left of them; run as a program it writes them, to be killed.

``python -m flowyard.testing.vector_steps OPENER PLACE SEED COUNT`` opens a store by ``OPENER``, ``module:callable`` of a place, and says
the number of each step that was acknowledged.
"""

import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module

from flowyard.identity.access import EVERYTHING
from flowyard.rag.model import BlockKind, Chunk, MetadataValue, Stretch
from flowyard.rag.ports import EmbeddingModel, IndexKey, IndexReader, Step, VectorStore
from flowyard.rag.search.filters import Filter

KEY = IndexKey("workspace-1", "handbook")
MODEL = EmbeddingModel("tests/words", 4, "f1")
WORDS = ("harbour", "lantern", "meadow", "copper", "violin", "glacier", "saffron", "compass")
_KINDS: tuple[BlockKind, ...] = ("text", "table", "code")


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk with its vector."""

    chunk: Chunk
    vector: tuple[float, ...]


def make_chunk(name: str, document: str = "a.md", text: str = "harbour", **others: object) -> Chunk:
    """Return a chunk; what is not given stands for nothing in particular."""
    values: dict[str, object] = {"ordinal": 0, "stretch": Stretch(0, len(text)), "tokens": 1, **others}
    return Chunk(id=name, document=document, text=text, **values)  # type: ignore[arg-type]


def make_vector(chance: random.Random) -> tuple[float, ...]:
    """Return a direction whose numbers float32 has exactly."""
    return tuple(chance.randint(1, 64) / 64 for _ in range(MODEL.dimensions))


def steps(seed: int, count: int) -> list[Step]:
    """Return steps that add documents, replace some with others of their chunks, and remove some."""
    chance = random.Random(seed)  # noqa: S311  # no secret
    made: list[Step] = []
    for number in range(count):
        documents = [f"folder-{chance.randrange(3)}/document-{chance.randrange(8)}.md" for _ in range(2)]
        kept = [each for name in dict.fromkeys(documents) for each in _document(chance, name)] if number % 5 != 4 else []
        made.append(
            Step(
                key=f"{seed}-{number}",
                embedding=MODEL,
                chunks=[each.chunk for each in kept],
                vectors=[each.vector for each in kept],
                documents=tuple(dict.fromkeys(documents)),
                gone=(f"folder-0/document-{chance.randrange(8)}.md#0",),
            )
        )
    return made


def left_of(done: Iterable[Step]) -> dict[str, Kept]:
    """Return what an index holds after these steps: the same rules, on a dictionary."""
    kept: dict[str, Kept] = {}
    for step in done:
        own = {chunk.id for chunk in step.chunks}
        for name, each in list(kept.items()):
            if name not in own and (each.chunk.document in step.documents or name in step.gone):
                del kept[name]
        kept |= {chunk.id: Kept(chunk, tuple(vector)) for chunk, vector in zip(step.chunks, step.vectors, strict=True)}
    return kept


def held(reader: IndexReader) -> dict[str, Kept]:
    """Return all that a reader sees."""
    entries = reader.documents(EVERYTHING, Filter(), limit=10_000)
    chunks = [chunk for entry in entries for chunk in reader.chunks_of(entry.document, EVERYTHING)]
    assert len(chunks) == sum(entry.chunks for entry in entries) == reader.count(EVERYTHING, Filter())
    vectors = reader.vectors([chunk.id for chunk in chunks])
    found = {chunk.id: Kept(chunk, tuple(float(number) for number in vectors[chunk.id])) for chunk in chunks}
    assert len(found) == len(chunks), "a chunk is there twice"
    return found


def _document(chance: random.Random, name: str) -> list[Kept]:
    texts = [" ".join(chance.choices(WORDS, k=4)) for _ in range(chance.randint(1, 5))]
    tags = tuple(chance.sample(["red", "blue", "o'hara"], chance.choice([0, 0, 1, 2])))
    metadata: dict[str, MetadataValue] = {"year": chance.randint(2000, 2005), "draft": chance.random() < 0.5}
    return [
        Kept(
            make_chunk(
                f"{name}#{number}",
                name,
                text,
                ordinal=number,
                kind=chance.choice(_KINDS),
                page=chance.choice([None, 1, 2, 3]),
                tags=tags,
                metadata=metadata | ({"owner": chance.choice(["Ann", "o'hara"])} if number % 2 else {"owner": number}),
            ),
            make_vector(chance),
        )
        for number, text in enumerate(texts)
    ]


def opened(opener: str, place: str) -> VectorStore:
    """Return the store that ``module:callable`` makes of a place."""
    module, _, name = opener.partition(":")
    make: Callable[[str], VectorStore] = getattr(import_module(module), name)
    return make(place)


if __name__ == "__main__":
    store = opened(sys.argv[1], sys.argv[2])
    for done, each_step in enumerate(steps(int(sys.argv[3]), int(sys.argv[4]))):
        store.write(KEY, each_step)
        sys.stdout.write(f"{done}\n")
        sys.stdout.flush()
