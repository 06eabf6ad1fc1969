"""What a run replaces in nodes without touching the file: ``node.connection=x``, ``node.deployment_name=y``."""

from collections.abc import Mapping
from dataclasses import replace

from flowyard.flows.format.fields import Findings
from flowyard.flows.format.references import parse_value
from flowyard.flows.model import Binding, NodeSpec, Place
from flowyard.foundation.errors import InvalidInputError, nearest


def parse_overrides(pairs: list[str]) -> dict[str, dict[str, str]]:
    """Read ``node.key=value`` words, as in ``--connections ask.connection=mine ask.deployment_name=small``.

    Raises:
        InvalidInputError: a word is not of this form.
    """
    found: dict[str, dict[str, str]] = {}
    for pair in pairs:
        target, equals, value = pair.partition("=")
        node, dot, key = target.rpartition(".")
        if not (equals and dot and node and key):
            raise InvalidInputError(
                f"{pair!r} overrides nothing.", remedy="Write node.connection=name, node.deployment_name=name or node.<input>=value."
            )
        found.setdefault(node, {})[key] = value
    return found


def apply_overrides(nodes: list[NodeSpec], overrides: Mapping[str, Mapping[str, str]], findings: Findings, place: Place) -> list[NodeSpec]:
    """Return the nodes with `overrides` applied; a node that is not there is a finding at `place`."""
    known = [node.name for node in nodes]
    for name in overrides:
        if name not in known:
            near = nearest(name, known)
            findings.add(
                "OverriddenNodeNotFound",
                f"A value is given for node {name!r}, which is not there.",
                place,
                remedy=f"Did you mean {near!r}?" if near else f"The flow has these nodes: {', '.join(known)}.",
            )
    return [_override(node, overrides[node.name]) if node.name in overrides else node for node in nodes]


def _override(node: NodeSpec, given: Mapping[str, str]) -> NodeSpec:
    inputs = dict(node.inputs)
    connection = node.connection
    for key, value in given.items():
        if key == "connection" and node.type != "python" and "connection" not in node.inputs:
            connection = value
        else:
            inputs[key] = Binding(parse_value(value), inputs[key].place if key in inputs else node.place)
    return replace(node, inputs=inputs, connection=connection)
