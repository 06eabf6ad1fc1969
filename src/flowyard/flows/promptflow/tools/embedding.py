"""``promptflow.tools.embedding``."""

from enum import StrEnum
from typing import Any

from flowyard.flows.nodes.tool import tool
from flowyard.flows.promptflow.connections import AzureOpenAIConnection, Connection
from flowyard.flows.promptflow.tools.calls import embedding_of

__all__ = ["EmbeddingModel", "embedding"]


class EmbeddingModel(StrEnum):
    """Models that prompt flow's form offers; any other may be named."""

    TEXT_EMBEDDING_ADA_002 = "text-embedding-ada-002"
    TEXT_SEARCH_ADA_DOC_001 = "text-search-ada-doc-001"
    TEXT_SEARCH_ADA_QUERY_001 = "text-search-ada-query-001"


@tool
def embedding(
    connection: Connection,
    input: Any,  # noqa: A002 - prompt flow's name
    deployment_name: str = "",
    model: str = EmbeddingModel.TEXT_EMBEDDING_ADA_002,
) -> list[float]:
    """Return the vector of a text."""
    return embedding_of(connection, input, deployment_name if isinstance(connection, AzureOpenAIConnection) else str(model))
