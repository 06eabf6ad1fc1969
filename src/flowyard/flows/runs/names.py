"""Which names runs have."""

import re
import time
from secrets import token_hex

from flowyard.flows.runs.errors import RunNameError
from flowyard.foundation.errors import Location

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
#: Words that stand where a run's name does in addresses.
RESERVED = frozenset({"compare", "data", "new"})


def check_run_name(name: str) -> str:
    """Return `name` when a run may have it.

    Raises:
        RunNameError: it may not.
    """
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise RunNameError(
            f"{name[:200]!r} is no name for a run.",
            remedy=f"Use 1 to 100 letters, digits and . _ -, a letter or digit first; not: {', '.join(sorted(RESERVED))}.",
            location=Location(pointer="/name"),
        )
    return name


def new_run_name(flow: str) -> str:
    """Return a name for a run of `flow` that nobody has: the flow's, the time (UTC) and some random digits."""
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", flow).strip("-._")[:60] or "run"
    return f"{stem}-{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{token_hex(2)}"
