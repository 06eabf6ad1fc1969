"""What differs between what we did with a case and what prompt flow did."""

from typing import Any

from parity.cases import Case

#: Classes of errors that say nothing of what is wrong: what prompt flow raises where it has no class for it.
GENERIC = frozenset(
    {
        "UserError",
        "SystemError",
        "UserErrorException",
        "SystemErrorException",
        "ValidationException",
        "ResolveToolError",
        "UnexpectedError",
        "ValidationError",
        "InvalidFlowError",
        "SDKError",
    }
)


def differences(case: Case, theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Return one line for each difference; none when we do as prompt flow does, or as the case declares."""
    wanted, ours = {**theirs, **case.ours}, dict(ours)
    if case.entry != "flow.dag.yaml":
        _without_nodes(wanted)
        _without_nodes(ours)
    if wanted.get("status") == "refused" == ours.get("status"):
        return _errors(case, wanted, ours)
    if wanted.get("status") == "failed" and not wanted.get("nodes") and ours.get("status") == "refused":
        return _errors(case, wanted, ours)  # the same, told before the line instead of in it
    if "refused" in {wanted.get("status"), ours.get("status")}:
        return [f"{_short(wanted)} there, {_short(ours)} here"]
    found: list[str] = []
    if "lines" in wanted:
        lines, others = wanted["lines"], ours.get("lines", [])
        if len(lines) != len(others):
            found.append(f"lines: {len(lines)} there, {len(others)} here")
        for number, (line, other) in enumerate(zip(lines, others, strict=False)):
            found += [f"line {number}: {text}" for text in _outcome(case, line, other)]
        found += _same("metrics", wanted, ours) + _same("nodes", wanted, ours) + _same("status", wanted, ours)
        return found
    return _outcome(case, wanted, ours)


def _without_nodes(outcome: dict[str, Any]) -> None:
    """Leave out what a flow of one call has there and here under different names."""
    for line in [outcome, *outcome.get("lines", [])]:
        if "nodes" in line:
            line["nodes"] = {}


def _outcome(case: Case, wanted: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    found = [text for key in ("status", "outputs", "metrics", "nodes") for text in _same(key, wanted, ours)]
    return found + _errors(case, wanted, ours)


def _short(outcome: dict[str, Any]) -> str:
    return f"{outcome.get('status')} {outcome.get('errors') or outcome.get('codes') or outcome.get('outputs')}"


def _errors(case: Case, wanted: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    chain, codes = wanted.get("errors") or [], ours.get("codes") or []
    if case.code is not None and chain:
        chain = [case.code]
    if chain and codes != chain[-1:] and not set(codes) & (set(chain) - GENERIC):
        return [f"error: {chain} there, {codes} here"]
    return [f"error: none there, {codes} here"] if not chain and codes else []


def _same(key: str, wanted: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    there, here = wanted.get(key), ours.get(key)
    if _sorted(there) == _sorted(here) or (key == "metrics" and there == here):
        return []
    return [f"{key}: {there!r} there, {here!r} here"]


def _sorted(value: Any) -> str:
    """Return a text that is equal for equal values of equal types, whatever the order of keys."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_sorted(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_sorted, value)) + "]"
    return repr(value)
