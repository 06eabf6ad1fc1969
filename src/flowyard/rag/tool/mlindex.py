"""``MLIndex``: the YAML by which flows of Azure ML name an index. Ours is written and read; that of another service is told apart.

Format: schema version 2, as public flows have it in ``mlindex_content``: ``embeddings`` with ``kind``, ``model`` and ``dimension``, and
``index`` with ``kind`` and what finds the index there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import yaml

from flowyard.foundation.errors import InvalidInputError
from flowyard.foundation.references import parse_reference
from flowyard.rag.errors import MLIndexError
from flowyard.wire.indexes import Index

KIND = "flowyard"
_SCHEMA = "2"
_LATEST = "latest"
_SCHEME = "azureml:"
#: What Azure ML calls the services of its indexes, by ``index.kind``.
_SERVICES = {
    "acs": "Azure AI Search",
    "azure_cosmos_mongo_vcore": "Azure Cosmos DB for MongoDB",
    "azure_cosmos_nosql": "Azure Cosmos DB for NoSQL",
    "elasticsearch": "Elasticsearch",
    "faiss": "FAISS",
    "milvus": "Milvus",
    "mongodb": "MongoDB",
    "pinecone": "Pinecone",
    "qdrant": "Qdrant",
    "weaviate": "Weaviate",
}
_ASSET = re.compile(
    r"azureml://(?:subscriptions|locations|registries)/.+?/data/(?P<name>[^/]+)(?:/(?:versions|labels)/(?P<version>[^/]+))?/?", re.DOTALL
)
_OWN = "Write azureml:NAME:VERSION, or what `flowyard index show NAME --mlindex` prints."


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedIndex:
    """An index of the workspace, and the version or label that is meant."""

    name: str
    version: str = _LATEST


def write_mlindex(index: Index, version: str) -> str:
    """Return the ``MLIndex`` YAML of a version of an index."""
    told = {
        "embeddings": {"schema_version": _SCHEMA, "kind": KIND, "model": index.embedding_model, "dimension": index.dimensions},
        "index": {"kind": KIND, "name": index.name, "version": version},
    }
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)


def read_mlindex(content: object) -> NamedIndex:
    """Return the index that ``mlindex_content`` names: ``MLIndex`` YAML, its mapping, or the reference of an index (``azureml:docs:1``).

    Raises:
        MLIndexError: it cannot be read, or points at an index that is not here; the remedy says what is missing.
    """
    if isinstance(content, str) and content.strip().startswith(_SCHEME):
        return read_reference(content)
    try:
        told: Any = yaml.safe_load(content) if isinstance(content, str) else content
    except yaml.YAMLError as error:
        raise MLIndexError(f"mlindex_content is no YAML: {error}", remedy=_OWN) from error
    index: Any = cast("Mapping[str, Any]", told).get("index") if isinstance(told, Mapping) else None
    if not isinstance(index, Mapping):
        raise MLIndexError(f"mlindex_content has no mapping `index`; it is {str(cast('object', told))[:200]!r}.", remedy=_OWN)
    found = cast("Mapping[str, Any]", index)
    if found.get("kind") != KIND:
        raise _elsewhere(found)
    if not found.get("name"):
        raise MLIndexError(
            "`index` of mlindex_content has no `name`.", remedy="Add the name of an index: `flowyard index list` shows them."
        )
    return NamedIndex(name=str(found["name"]), version=str(found.get("version") or _LATEST))


def read_reference(text: str) -> NamedIndex:
    """Return the index that a reference names: ``azureml:docs:1``, ``azureml:docs@latest``, or the address of an asset of Azure ML.

    Raises:
        MLIndexError: it has none of these forms.
    """
    asset = _ASSET.fullmatch(text.strip())
    if asset:
        return NamedIndex(name=asset["name"], version=asset["version"] or _LATEST)
    try:
        found = parse_reference(text.strip())
    except InvalidInputError:
        found = None
    if found is None or not text.strip().startswith(_SCHEME):
        raise MLIndexError(f"{text[:300]!r} names no index.", remedy=_OWN)
    return NamedIndex(name=found.name, version=found.version or found.label or _LATEST)


def _elsewhere(index: Mapping[str, Any]) -> MLIndexError:
    kind = str(index.get("kind") or "")
    if not kind or kind == "none":
        return MLIndexError("`index` of mlindex_content says no `kind`.", remedy=_OWN)
    name = str(index.get("index") or index.get("name") or index.get("path") or "")
    place = str(index.get("endpoint") or "")
    what = f"an index of {_SERVICES.get(kind, repr(kind))}" + (f" named {name!r}" if name else "") + (f" at {place}" if place else "")
    missing = "its files" if kind == "faiss" else "that service and its connection"
    return MLIndexError(
        f"The MLIndex points at {what}, which is not searched here: {missing} are not part of this platform.",
        remedy="Build an index of the same documents (flowyard index create NAME --data FOLDER) and write mlindex_content: "
        "azureml:NAME:latest; or put promptflow-vectordb into the flow's requirements.txt, whose tool of the same name asks that itself.",
    )
