"""What lies between two states of an index."""

from flowyard.rag.ports import IndexDifference

#: Chunk's id → its document, and the digest of what it holds.
Digests = dict[str, tuple[str, str]]


def difference(before: Digests, after: Digests) -> IndexDifference:
    """Return what was added, removed and changed."""
    added, removed = after.keys() - before.keys(), before.keys() - after.keys()
    changed = {chunk for chunk in before.keys() & after.keys() if before[chunk] != after[chunk]}
    old, new = {document for document, _ in before.values()}, {document for document, _ in after.values()}
    touched = {before[chunk][0] for chunk in removed | changed} | {after[chunk][0] for chunk in added | changed}
    return IndexDifference(
        chunks_added=tuple(sorted(added)),
        chunks_removed=tuple(sorted(removed)),
        chunks_changed=tuple(sorted(changed)),
        documents_added=tuple(sorted(new - old)),
        documents_removed=tuple(sorted(old - new)),
        documents_changed=tuple(sorted(touched & old & new)),
    )
