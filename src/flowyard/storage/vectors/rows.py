"""Chunks as rows of a Lance table, and the marks that tell a repeated step.

A mark is a row too, with nothing but its id and time, so that it is there in the same commit as what its step wrote. It has no tags,
no text and no vector: no search can find it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import msgspec

from flowyard.foundation.clock import now_ns
from flowyard.rag.errors import ChunkError, EmbeddingMismatchError
from flowyard.rag.model import Chunk, MetadataValue
from flowyard.rag.ports import EmbeddingModel, Step, Vectors

VECTOR = "vector"
#: Begins the ids of marks; no chunk's id may.
MARK = "step:"
#: The tag of chunks without tags: one array test then says whom a chunk is for. No real tag is empty.
PUBLIC = ""
#: The metadata's numbers and its texts, for conditions on what lies between two of them.
JSON_COLUMNS = ("numbers", "words")
#: What a chunk is made of again: what is searched of it by words, and all but its text packed, because each column that is read costs
#: a search as much as the next.
CHUNK_COLUMNS = ("text", "packed")


_PACK, _UNPACK = msgspec.msgpack.Encoder(order="sorted"), msgspec.msgpack.Decoder(Chunk)


def schema(dimensions: int, metadata: dict[str, str]) -> Any:
    """Return the columns of an index, with its description as the schema's metadata."""
    pa = _arrow()

    types: dict[str, Any] = {
        **dict.fromkeys(("id", "document", "text", "kind", "digest"), pa.string()),
        "packed": pa.binary(),
        "page": pa.int32(),
        "written_ns": pa.int64(),
        **dict.fromkeys(("tags", "facts"), pa.list_(pa.string())),
        **dict.fromkeys(JSON_COLUMNS, pa.json_()),
        VECTOR: pa.list_(pa.float32(), dimensions),
    }
    return pa.schema([pa.field(name, kind, nullable=name != "id") for name, kind in types.items()], metadata=metadata)


def step_table(step: Step) -> Any:
    """Return the rows of a step: its mark, then its chunks.

    Raises:
        ChunkError: a chunk cannot be kept.
        EmbeddingMismatchError: vectors have another length.
    """
    pa = _arrow()

    _check(step)
    made = schema(step.embedding.dimensions, {})
    try:
        rows: list[dict[str, Any]] = [{"id": f"{MARK}{step.key}", "written_ns": now_ns()}, *(_row(chunk) for chunk in step.chunks)]
        columns = {name: _column([row.get(name) for row in rows], made.field(name).type) for name in made.names if name != VECTOR}
    except (UnicodeEncodeError, pa.ArrowException, OverflowError) as error:
        raise ChunkError(
            f"A chunk of {_names(step)} cannot be written: {error}.", remedy="Texts are valid Unicode, positions within 64 bits."
        ) from error
    columns[VECTOR] = _vectors(step, made.field(VECTOR).type)
    return pa.table([columns[name] for name in made.names], schema=made)


def chunks_of(table: Any) -> Iterator[Chunk]:
    """Yield the chunks of rows that have `CHUNK_COLUMNS`."""
    texts, packed = (table[name].to_pylist() for name in CHUNK_COLUMNS)
    for text, rest in zip(texts, packed, strict=True):
        chunk: Chunk = _UNPACK.decode(rest)
        yield replace(chunk, text=text[len(chunk.context) :])


def fact(key: str, value: MetadataValue) -> str:
    """Return what stands in ``facts`` of a chunk that has this metadata; equal numbers of two types have one fact."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps([key, value], ensure_ascii=False)


def typed(key: str, *, text: bool) -> str:
    """Return what stands in ``facts`` of a chunk whose metadata `key` is a text, or a number."""
    return json.dumps([key, {"is": "text" if text else "number"}], ensure_ascii=False)


def vectors_checked(vectors: Vectors, embedding: EmbeddingModel) -> Any:
    """Return vectors as a float32 matrix.

    Raises:
        EmbeddingMismatchError: one has another length, is all zeros, or holds what is no finite number.
    """
    import numpy as np

    try:
        matrix = np.asarray(vectors, dtype=np.float32)
    except (ValueError, TypeError) as error:
        raise EmbeddingMismatchError(
            f"The vectors are no matrix of numbers: {error}.", remedy=f"Give {embedding.dimensions} numbers for each chunk."
        ) from error
    if matrix.ndim != 2 or matrix.shape[1] != embedding.dimensions:
        found = matrix.shape[1] if matrix.ndim == 2 else "no"
        raise EmbeddingMismatchError(
            f"The vectors have {found} numbers each; the index has {embedding.dimensions}, by {embedding.name!r}.",
            remedy="Embed with the index's own model, or build another index.",
        )
    lengths = np.linalg.norm(matrix.astype(np.float64), axis=1)
    if not np.all(np.isfinite(lengths)) or not np.all(lengths > 0):
        wrong = int(np.argmin(np.isfinite(lengths) & (lengths > 0)))
        raise EmbeddingMismatchError(
            f"Vector {wrong} is all zeros or holds what is no finite number: it has no direction to compare.",
            remedy="Look at what the embedding model answered for that text.",
        )
    return matrix


def _column(values: list[Any], kind: Any) -> Any:
    pa = _arrow()
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, pa.array(values, type=kind.storage_type))
    return pa.array(values, type=kind)


def _vectors(step: Step, kind: Any) -> Any:
    import numpy as np

    pa = _arrow()

    dimensions = step.embedding.dimensions
    empty = np.zeros((1, dimensions), dtype=np.float32)  # the mark's, which is null
    matrix = np.concatenate([empty, vectors_checked(step.vectors, step.embedding)]) if step.chunks else empty
    mask = np.zeros(len(matrix), dtype=bool)
    mask[0] = True
    return pa.FixedSizeListArray.from_arrays(pa.array(matrix.reshape(-1)), type=kind, mask=pa.array(mask))


def _row(chunk: Chunk) -> dict[str, Any]:
    facts: set[str] = set()
    for key, value in chunk.metadata.items():
        facts.add(fact(key, value))
        if not isinstance(value, bool):
            facts.add(typed(key, text=isinstance(value, str)))
    packed = _PACK.encode(replace(chunk, text=""))
    return {
        "id": chunk.id,
        "document": chunk.document,
        "text": chunk.searched,
        "packed": packed,
        "kind": chunk.kind,
        "page": chunk.page,
        "tags": list(chunk.tags) or [PUBLIC],
        "facts": sorted(facts),
        "numbers": _json_of(chunk, numbers=True),
        "words": _json_of(chunk, numbers=False),
        "digest": sha256(packed + chunk.text.encode()).hexdigest()[:32],
    }


def _json_of(chunk: Chunk, *, numbers: bool) -> str:
    kept = {key: value for key, value in chunk.metadata.items() if isinstance(value, str) != numbers and not isinstance(value, bool)}
    return json.dumps(kept, ensure_ascii=False)


def _check(step: Step) -> None:
    ids = [chunk.id for chunk in step.chunks]
    if len(step.vectors) != len(ids):
        raise ChunkError(f"The step {step.key!r} has {len(ids)} chunks and {len(step.vectors)} vectors.", remedy="Give one vector a chunk.")
    if len(set(ids)) != len(ids):
        twice = next(each for each in ids if ids.count(each) > 1)
        raise ChunkError(f"The step {step.key!r} has the chunk {twice!r} twice.", remedy="Give each chunk an id of its own.")
    for chunk in step.chunks:
        if not chunk.id or chunk.id.startswith(MARK):
            raise ChunkError(f"{chunk.id!r} is no id for a chunk.", remedy=f"An id is not empty, and does not begin with {MARK!r}.")
        if PUBLIC in chunk.tags:
            raise ChunkError(
                f"The chunk {chunk.id!r} has an empty tag, which would let everybody find it.", remedy="Name its tags, or give it none."
            )
        for key, value in chunk.metadata.items():
            if isinstance(value, float) and value - value != 0:
                raise ChunkError(f"The metadata {key!r} of chunk {chunk.id!r} is {value!r}.", remedy="Give a finite number.")


def _arrow() -> Any:
    import pyarrow as pa

    return pa


def _names(step: Step) -> str:
    documents: Sequence[str] = sorted({ascii(chunk.document) for chunk in step.chunks})
    return ", ".join(documents[:3]) + (" …" if len(documents) > 3 else "")
