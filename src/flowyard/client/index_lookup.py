"""The index-lookup tool: what flows ask of the workspace's indexes. They find it as a package tool, by prompt flow's names and by ours.

With it come the tools that quote what was found, and say what of an answer that supports (`rag.tool`).

In a flow's process it asks with the key of the run, session or deployment that the process is for; elsewhere with the caller's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flowyard.client.credentials import find_credentials
from flowyard.client.indexes import Indexes
from flowyard.client.transport import Transport
from flowyard.flows.runtime.context import active_node
from flowyard.foundation.credentials import given_credentials
from flowyard.foundation.settings import read_settings
from flowyard.rag.tool.entities import QUERY_TYPES, entity_of, kind_of, questions_of
from flowyard.rag.tool.mlindex import NamedIndex, read_mlindex, read_reference
from flowyard.wire.indexes import IndexSearchKind

_HERE = __name__
_CONNECTED = 8
Entity = dict[str, Any]


def search(
    mlindex_content: str, queries: str | list[str], top_k: int = 3, query_type: str = "Hybrid (vector + keyword)"
) -> list[Entity] | list[list[Entity]]:
    """Search an index: ``promptflow_vectordb.tool.common_index_lookup.search``.

    Args:
        mlindex_content: ``MLIndex`` YAML, or the reference of an index, such as ``azureml:docs:1``.
        queries: a question, or a list of them.
        top_k: how many chunks for each, 1 to 100.
        query_type: one of `QUERY_TYPES`.

    Returns:
        The chunks, the best first, each with ``text``, ``metadata``, ``additional_fields`` and ``score``; of a list of questions a list
        for each.

    Raises:
        MLIndexError: the index is not here.
        InvalidInputError: `queries` or `query_type` is none.
        RemoteError: code ``IndexNotFound``, ``IndexVersionNotFound`` and others.
    """
    index, kind = read_mlindex(mlindex_content), kind_of(query_type)
    found = [_found(index, question, _Asked(top_k=top_k, kind=kind)) for question in questions_of(queries)]
    return found[0] if isinstance(queries, str) else found


def lookup(  # noqa: PLR0913 - the inputs of a node
    index: str,
    question: str,
    *,
    version: str = "latest",
    top_k: int = 5,
    kind: IndexSearchKind = "hybrid",
    under: str = "",
    rerank: str = "",
    vector_weight: float = 0.5,
) -> list[Entity]:
    """Search an index of the workspace by its name.

    Args:
        index: its name.
        question: the question.
        version: a version or a label.
        top_k: how many chunks, 1 to 100.
        kind: ``hybrid``, ``vector`` or ``text``.
        under: only documents whose keys begin so.
        rerank: the reranking model that orders the best 30 anew; empty: none.
        vector_weight: the share of vectors in a hybrid search, 0 to 1; 0.5 is plain reciprocal rank fusion.

    Returns:
        The chunks, as `search` has them.

    Raises:
        RemoteError: code ``IndexNotFound``, ``IndexVersionNotFound`` and others.
    """
    asked = _Asked(top_k=top_k, kind=kind, under=under, rerank=rerank or None, vector_weight=vector_weight)
    return _found(NamedIndex(name=index, version=version), question, asked)


class VectorIndexLookup:
    """The older ``promptflow_vectordb.tool.vector_index_lookup.VectorIndexLookup``: an index by its reference, searched by vectors."""

    def __init__(self, path: str) -> None:
        self._index = read_reference(path)

    def search(self, query: str, top_k: int = 3) -> list[Entity]:
        """Return the chunks nearest to a question, each with ``text``, ``metadata`` and ``score``.

        Raises:
            InvalidInputError: `query` is a vector.
        """
        [question] = questions_of([query])
        found = _found(self._index, question, _Asked(top_k=top_k, kind="vector"))
        return [{name: entity[name] for name in ("text", "metadata", "score")} for entity in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    top_k: int
    kind: IndexSearchKind
    under: str = ""
    rerank: str | None = None
    vector_weight: float = 0.5

    def told(self) -> dict[str, Any]:
        """What is not as it is without being said, besides how many of which kind."""
        given = {"under": self.under, "rerank": self.rerank, "vector_weight": self.vector_weight}
        usual = {"under": "", "rerank": None, "vector_weight": 0.5}
        return {"top_k": self.top_k, "kind": self.kind, **{name: value for name, value in given.items() if value != usual[name]}}


def _found(index: NamedIndex, question: str, asked: _Asked) -> list[Entity]:
    node = active_node()
    if node is not None:
        node.personal = True  # who has other access tags finds something else
    if node is None or node.recorder is None:
        return _answered(index, question, asked)[1]
    with node.recorder.span(f"search {index.name}", kind="retrieval", node=node.record.node) as span:
        span.attributes["flowyard.input"] = {"query": question, "index": index.name, **asked.told()}
        version, entities = _answered(index, question, asked)
        span.attributes["flowyard.index"] = f"{index.name}:{version}"
        span.attributes["retrieval.documents"] = [_document(entity) for entity in entities]
        flags = sorted({flag for entity in entities for flag in entity["additional_fields"].get("flags", ())})
        if flags:
            span.attributes["flowyard.retrieval.flags"] = flags
        return entities


def _answered(index: NamedIndex, question: str, asked: _Asked) -> tuple[str, list[Entity]]:
    answer = _indexes().search(
        index.name,
        question,
        version=index.version,
        kind=asked.kind,
        top_k=asked.top_k,
        vector_weight=asked.vector_weight,
        under=asked.under,
        rerank=asked.rerank,
    )
    return answer.version, [entity_of(hit, f"{index.name}:{answer.version}") for hit in answer.hits]


def _document(entity: Entity) -> dict[str, Any]:
    """OpenInference's document, as the platform's traces keep it."""
    extra = entity["additional_fields"]
    metadata = {**entity["metadata"], **{name: extra[name] for name in ("scores", "flags") if name in extra}}
    return {"id": extra["id"], "content": entity["text"], "score": entity["score"], "metadata": metadata}


def _indexes() -> Indexes:
    told = given_credentials() or find_credentials(read_settings())
    return _connected(told.url, told.api_key, told.workspace)


@lru_cache(maxsize=_CONNECTED)
def _connected(url: str, api_key: str, workspace: str) -> Indexes:
    return Indexes(Transport(url, api_key, workspace))


def list_indexes() -> list[dict[str, str]]:
    """Return the workspace's indexes, as a form offers them."""
    return [
        {"value": f"azureml:{one.name}:latest", "display_value": one.name, "description": one.description or ""}
        for one in _indexes().list()
    ]


def make_mlindex(mlindex_asset_id: str) -> str:
    """Return the ``MLIndex`` YAML of the index that a form chose."""
    index = read_reference(mlindex_asset_id)
    return _indexes().mlindex(index.name, index.version)


def chosen_index(mlindex_content: str) -> dict[str, str]:
    """Return what a form chose for an ``MLIndex``."""
    index = read_mlindex(mlindex_content)
    return {"mlindex_asset_id": f"azureml:{index.name}:{index.version}"}


def package_tools() -> Mapping[str, Mapping[str, Any]]:
    """Return the tools, id to definition: an entry point in the group ``package_tools``."""
    top_k = {"type": ["int"], "default": 3}
    return {
        "promptflow_vectordb.tool.common_index_lookup.search": {
            "name": "Index Lookup",
            "description": "What an index of documents says about one question or several.",
            "type": "python",
            "module": _HERE,
            "function": "search",
            "inputs": {
                "mlindex_content": {"type": ["string"], "generated_by": _MADE_OF_AN_INDEX},
                "queries": {"type": ["object"]},
                "top_k": top_k,
                "query_type": {"type": ["string"], "enum": list(QUERY_TYPES), "default": "Hybrid (vector + keyword)"},
                "mlindex_asset_id": {
                    "type": ["string"],
                    "input_type": "uionly_hidden",
                    "dynamic_list": {"func_path": f"{_HERE}.list_indexes"},
                    "allow_manual_entry": True,
                },
            },
        },
        "promptflow_vectordb.tool.vector_index_lookup.VectorIndexLookup.search": {
            "name": "Vector Index Lookup",
            "tool_state": "archived",
            "description": "The chunks of an index nearest to a question; Index Lookup does more.",
            "type": "python",
            "module": _HERE,
            "class_name": "VectorIndexLookup",
            "function": "search",
            "inputs": {"path": {"type": ["string"]}, "query": {"type": ["object"]}, "top_k": top_k},
        },
        f"{_HERE}.lookup": {
            "name": "Lookup in an index",
            "description": "What an index of the workspace says about a question.",
            "type": "python",
            "module": _HERE,
            "function": "lookup",
            "inputs": {
                "index": {"type": ["string"]},
                "question": {"type": ["string"]},
                "version": {"type": ["string"], "default": "latest"},
                "top_k": {"type": ["int"], "default": 5},
                "kind": {"type": ["string"], "enum": ["hybrid", "vector", "text"], "default": "hybrid"},
                "under": {"type": ["string"], "default": ""},
                "rerank": {"type": ["string"], "default": ""},
                "vector_weight": {"type": ["double"], "default": 0.5},
            },
        },
        **_ANSWERING,
    }


_MADE_OF_AN_INDEX = {
    "func_path": f"{_HERE}.make_mlindex",
    "func_kwargs": [{"name": "mlindex_asset_id", "type": ["string"], "reference": "${inputs.mlindex_asset_id}"}],
    "reverse_func_path": f"{_HERE}.chosen_index",
}
#: What makes an answer of what was found.
_ANSWERING = {
    "flowyard.rag.tool.quoting.quote": {
        "name": "Quote passages",
        "description": "What an index found as one text for a prompt: numbered, and fenced as data.",
        "type": "python",
        "module": "flowyard.rag.tool.quoting",
        "function": "quote",
        "inputs": {"passages": {"type": ["list"]}, "max_characters": {"type": ["int"], "default": 6000}},
    },
    "flowyard.rag.tool.grounding.ground": {
        "name": "Ground an answer",
        "description": "Which sentences of an answer the passages support, with citations.",
        "type": "python",
        "module": "flowyard.rag.tool.grounding",
        "function": "ground",
        "inputs": {
            "answer": {"type": ["string"]},
            "passages": {"type": ["list"]},
            "question": {"type": ["string"], "default": ""},
            "unsupported": {"type": ["string"], "enum": ["mark", "drop"], "default": "mark"},
        },
    },
}
