"""What an index found, as a prompt quotes it: numbered, and fenced by what no document can write."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from flowyard.rag.tool.injection import as_data

_DIGITS = 8


def quote(passages: Sequence[Mapping[str, Any]], max_characters: int = 6000) -> str:
    """Return passages as one text for a prompt, each between marks with its number, document and page.

    The marks end in a digest of all that is quoted: a document that wants to close its quotation would have to know the digest of a text
    that it is part of. What looks like a token of a chat template, and what no reader sees, is made harmless (`injection.as_data`).

    Args:
        passages: what a lookup returned, the best first.
        max_characters: passages that do not fit any more are left out, the last first; the first is cut.
    """
    texts = [as_data(str(passage["text"])) for passage in passages]
    fence = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:_DIGITS]
    parts: list[str] = []
    left = max_characters
    for number, (passage, text) in enumerate(zip(passages, texts, strict=True), start=1):
        if parts and len(text) > left:
            break
        parts.append(f"<<passage {number} {fence} | {_place(passage)}>>\n{text[: max(left, 0)]}\n<<end {number} {fence}>>")
        left -= len(text)
    return "\n\n".join(parts)


def _place(passage: Mapping[str, Any]) -> str:
    metadata = passage["metadata"]
    page, several = metadata.get("page_number"), passage.get("additional_fields", {}).get("pages")
    on = f", pages {several[0][0]} to {several[-1][0]}" if several else f", page {page}" if page else ""
    where = as_data(str(metadata["source"]["filename"])) + on
    return " ".join(where.replace("<<", "<").replace(">>", ">").split())
