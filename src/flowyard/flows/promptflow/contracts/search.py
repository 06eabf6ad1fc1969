"""What lookups of prompt flow's tools return, as an object: flows read its fields from the dictionaries (promptflow-vectordb 0.2.17)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

__all__ = ["SearchResultEntity"]


@dataclass
class SearchResultEntity:
    """A chunk that a search found. What an index has none of is None."""

    text: str | None = None
    vector: list[float] | None = None
    score: float | None = None
    original_entity: dict[str, Any] | None = None
    metadata: dict[str, Any] | str | None = None
    additional_fields: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return its fields."""
        return asdict(self)

    @staticmethod
    def from_dict(dict_object: Mapping[str, Any]) -> "SearchResultEntity":
        """Return what a lookup returned as an object.

        Raises:
            TypeError: it has a field that no result has.
        """
        return SearchResultEntity(**dict_object)
