"""Reports on indexes: of what who asked for them sees, and shown to those who see as much."""

from typing import Any

from flowyard.catalog.reports import ReportRecord
from flowyard.foundation.codecs import plain
from flowyard.identity.access import Access
from flowyard.rag.building.model import Recipe

_NEEDS = "needs"


def with_needs(report: Any, recipe: Recipe, access: Access) -> dict[str, Any]:
    """Return a report's document with what it takes to see it: of each rule by which its version's documents were seen, one of the tags."""
    return {**plain(report), _NEEDS: [list(rule.tags) for rule in recipe.access if access.allows(rule.tags)]}


def seen(record: ReportRecord, access: Access) -> bool:
    """Return whether somebody sees all that a report is of; one that does not say what it takes is for those who see everything."""
    needs = record.document.get(_NEEDS)
    return access.everything if needs is None else all(access.allows(tags) for tags in needs)
