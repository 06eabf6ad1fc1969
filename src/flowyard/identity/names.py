"""Which names and texts identity takes."""

import re

from flowyard.foundation.errors import InvalidInputError, Location

_RULES: dict[str, tuple[re.Pattern[str], str]] = {
    "workspace": (
        re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"),
        "1 to 64 lower-case letters, digits and hyphens, no hyphen at an end",
    ),
    "user": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}"), "1 to 100 letters, digits and . _ @ + -, a letter or digit first"),
    "key": (re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}"), "1 to 100 letters, digits and . _ -, a letter or digit first"),
}


def check_name(noun: str, name: str) -> str:
    """Return `name` when it is a name for a ``workspace``, ``user`` or ``key``.

    Raises:
        InvalidInputError: it is none; the remedy says what is.
    """
    pattern, rule = _RULES[noun]
    if not pattern.fullmatch(name):
        raise InvalidInputError(f"{name[:200]!r} is no name for a {noun}.", remedy=f"Use {rule}.", location=Location(pointer="/name"))
    return name
