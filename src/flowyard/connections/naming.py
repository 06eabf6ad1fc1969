"""Which names connections may have."""

import re

from flowyard.connections.errors import ConnectionInvalidError
from flowyard.foundation.errors import Location

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def check_connection_name(name: str) -> str:
    """Return `name` when a connection may have it: it is part of model names (``<connection>/<model>``) and of addresses.

    Raises:
        ConnectionInvalidError: it may not.
    """
    if not _NAME.fullmatch(name):
        raise ConnectionInvalidError(
            f"{name[:200]!r} is no name for a connection.",
            remedy="Use 1 to 100 letters, digits and . _ -, a letter or digit first.",
            location=Location(pointer="/name"),
        )
    return name
