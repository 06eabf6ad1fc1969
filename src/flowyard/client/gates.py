"""How gates are written, on the command line and in files: ``f1_score >= 0.8``."""

import re

from flowyard.wire.endpoints import Gate

_GATE = re.compile(r"\s*(?P<metric>[^<>=]+?)\s*(?P<sign>>=|<=)\s*(?P<bound>\S+)\s*")


def read_gate(text: str) -> Gate | None:
    """Read a gate as it is written, ``f1_score >= 0.8``; None: it is none."""
    found = _GATE.fullmatch(text)
    try:
        bound = float(found["bound"]) if found else None
    except ValueError:
        bound = None
    if found is None or bound is None:
        return None
    return Gate(metric=found["metric"], at_least=bound) if found["sign"] == ">=" else Gate(metric=found["metric"], at_most=bound)
