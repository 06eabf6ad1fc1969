"""What a lookup asks and returns, in the words of prompt flow's tool (promptflow-vectordb 0.2.17)."""

from collections.abc import Mapping
from typing import Any, cast

from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.rag.tool.injection import flags_of
from flowyard.wire.indexes import IndexHit, IndexSearchKind

#: ``query_type`` to the kind of search here. What Azure calls semantic, a second ranking by meaning, is the fusion with the vectors here.
QUERY_TYPES: Mapping[str, IndexSearchKind] = {
    "Keyword": "text",
    "Semantic": "hybrid",
    "Vector": "vector",
    "Hybrid": "hybrid",
    "Hybrid (vector + keyword)": "hybrid",
    "Hybrid + semantic": "hybrid",
}
_BY_WORD: dict[str, IndexSearchKind] = {name.lower(): kind for name, kind in QUERY_TYPES.items()}


def kind_of(query_type: str) -> IndexSearchKind:
    """Return the kind of search that ``query_type`` means; large and small letters are the same.

    Raises:
        InvalidInputError: it is none.
    """
    found = _BY_WORD.get(query_type.strip().lower())
    if found is None:
        raise InvalidInputError(
            f"query_type is {query_type[:100]!r}.",
            remedy=f"Write one of: {', '.join(QUERY_TYPES)}.",
            location=Location(pointer="/query_type"),
        )
    return found


def questions_of(queries: object) -> tuple[str, ...]:
    """Return the questions of ``queries``: a text, or a list of texts.

    Raises:
        InvalidInputError: it is something else, such as a vector.
    """
    if isinstance(queries, str):
        return (queries,)
    items = cast("list[object]", queries) if isinstance(queries, list) else [None]
    if all(isinstance(item, str) for item in items):
        return tuple(str(item) for item in items)
    raise InvalidInputError(
        f"A lookup asks with a text or a list of texts; it was given {str(cast('object', queries))[:100]}.",
        remedy="Give the question itself: the index embeds it with its own model. A node that embeds the question before is not needed.",
        location=Location(pointer="/queries"),
    )


def entity_of(hit: IndexHit, index: str) -> dict[str, Any]:
    """Return a hit as the lookup returns it: ``text``, ``metadata``, ``additional_fields``, ``score``.

    ``additional_fields`` has ``index`` (``name:version``), ``pages`` where the chunk stands on several (of each its number and which
    characters of the document, ``page_number`` is the one that has most), and ``flags`` where the text may be meant for the model
    (`injection.flags_of`).
    """
    chunk = hit.chunk
    flags = flags_of(hit.chunk.text)
    ranked = {"vector": hit.vector, "words": hit.words, "fused": hit.fused, "reranked": hit.reranked}
    scores = {name: plain(one) for name, one in ranked.items() if one is not None}
    return {
        "text": f"{chunk.prefix.rstrip()}\n{chunk.text}" if chunk.prefix else chunk.text,
        "metadata": {
            "source": {"filename": chunk.document, "url": chunk.document, "title": hit.title},
            "page_number": chunk.page,
            "headings": list(chunk.headings),
        },
        "additional_fields": {
            "index": index,
            "id": chunk.id,
            "start": chunk.start,
            "end": chunk.end,
            "kind": chunk.kind,
            "tokens": chunk.tokens,
            "scores": scores,
            **({"pages": [[page.number, page.start, page.end] for page in chunk.pages]} if len(chunk.pages) > 1 else {}),
            **({"flags": list(flags)} if flags else {}),
        },
        "score": hit.score,
    }
