"""Addresses with the fingerprint of what was there, so that whoever reads them later is told when that changed."""

import re

_PINNED = re.compile(r"(.*)#((?:weak|strong):[0-9a-f]{64})", re.DOTALL)


def pinned(uri: str, fingerprint: str) -> str:
    """Return an address with a fingerprint."""
    return f"{uri}#{fingerprint}"


def unpinned(text: str) -> tuple[str, str | None]:
    """Return an address and the fingerprint that `pinned` gave it, if any."""
    found = _PINNED.fullmatch(text)
    return (found[1], found[2]) if found else (text, None)
