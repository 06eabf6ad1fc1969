"""Routes that give a part of a file (RFC 9110, section 14)."""

import re
from typing import Any

from flowyard.foundation.errors import InvalidInputError

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{1,15})")
#: How such an answer is described in the OpenAPI schema.
BYTES: dict[int | str, dict[str, Any]] = {
    206: {"description": "The bytes", "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


def read_range(header: str | None, most: int) -> tuple[int, int]:
    """Return from where to before where a ``Range`` header asks; without one the first `most` bytes.

    Raises:
        InvalidInputError: it is no single range of bytes.
    """
    found = _RANGE.fullmatch(header or f"bytes=0-{most - 1}")
    if found is None:
        raise InvalidInputError(f"The range {header!r} cannot be read.", remedy="Send Range: bytes=FIRST-LAST.")
    return int(found[1]), int(found[2]) + 1
