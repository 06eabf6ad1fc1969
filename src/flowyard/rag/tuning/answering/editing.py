"""A flow's file with another lookup in it. All else stays as it is written: comments, order, quotes."""

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from ruamel.yaml import YAML

#: The input and the file of a flow whose lookup is given what it would find.
FOUND, FOUND_FILE = "flowyard_found", "flowyard_found.py"
LOOKUP = "flowyard.client.index_lookup.lookup"
_GIVEN = f"""from promptflow.core import tool


@tool
def given({FOUND}: list) -> list:
    return {FOUND}
"""
#: What of a node belongs to its tool.
_OF_THE_TOOL = ("type", "source", "inputs", "use_variants", "api", "provider", "connection", "module")
#: Inputs of lookups that are the question.
_ASKED = ("queries", "question", "query")
_WIDE = 1_000_000
_INDENTED = re.compile(rb"^nodes:[^\S\n]*\n[^\S\n]+-", re.MULTILINE)


def with_given(files: Mapping[str, bytes], file: str, lookup: str) -> dict[str, bytes]:
    """Return a flow whose node `lookup` gives what the new input `FOUND` holds.

    Args:
        files: the flow's, by path.
        file: which of them is its YAML.
        lookup: the node.
    """

    def change(flow: Any) -> None:
        flow.setdefault("inputs", {})[FOUND] = {"type": "list"}
        given = {"type": "python", "source": {"type": "code", "path": FOUND_FILE}, "inputs": {FOUND: f"${{inputs.{FOUND}}}"}}
        _replace(flow, lookup, given)

    return {**files, file: _changed(files[file], change), FOUND_FILE: _GIVEN.encode()}


def with_lookups(
    files: Mapping[str, bytes], file: str, lookup: str, variants: Sequence[tuple[str, str, Mapping[str, Any]]], default: str = ""
) -> dict[str, bytes]:
    """Return a flow whose node `lookup` has variants that search an index each in its own way, the first by default.

    Args:
        files: the flow's, by path.
        file: which of them is its YAML.
        lookup: the node.
        variants: of it: id, description, and the inputs of `LOOKUP` but the question.
        default: of another node, ``${node.variant_id}``, the variant that is to be its default; empty: as it is.
    """

    def change(flow: Any) -> None:
        asked = _asked_of(flow, lookup)
        _replace(flow, lookup, {"use_variants": True})
        table = flow.setdefault("node_variants", {})
        table[lookup] = {"default_variant_id": variants[0][0], "variants": {one[0]: _variant(lookup, one, asked) for one in variants}}
        if default:
            node, variant = default.removeprefix("${").removesuffix("}").split(".", 1)
            table[node]["default_variant_id"] = variant

    return {**files, file: _changed(files[file], change)}


def _variant(lookup: str, told: tuple[str, str, Mapping[str, Any]], asked: Any) -> dict[str, Any]:
    _, description, inputs = told
    source = {"type": "package", "tool": LOOKUP}
    node = {"name": lookup, "type": "python", "source": source, "inputs": {"question": asked, **inputs}}
    return {"description": description, "node": node}


def _asked_of(flow: Any, lookup: str) -> Any:
    """Return what the lookup is asked now; of one with variants, what its default one is."""
    node = next(node for node in flow["nodes"] if node["name"] == lookup)
    if node.get("use_variants"):
        table = flow["node_variants"][lookup]
        node = table["variants"][table["default_variant_id"]]["node"]
    return next(node["inputs"][name] for name in _ASKED if name in node["inputs"])


def _replace(flow: Any, lookup: str, tool: Mapping[str, Any]) -> None:
    """Give a node another tool; when it runs, and where it stands, stays."""
    node = next(node for node in flow["nodes"] if node["name"] == lookup)
    if node.get("use_variants"):
        table = flow["node_variants"].pop(lookup)
        chosen = table["variants"][table["default_variant_id"]]["node"]
        node.update({name: value for name, value in chosen.items() if name not in _OF_THE_TOOL})
    for name in _OF_THE_TOOL:
        node.pop(name, None)
    for place, (name, value) in enumerate(tool.items(), start=1):
        node.insert(place, name, value)


def _changed(content: bytes, change: Any) -> bytes:
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = _WIDE
    if _INDENTED.search(content):
        yaml.indent(mapping=2, sequence=4, offset=2)
    flow: Any = yaml.load(content)
    change(flow)
    written = BytesIO()
    yaml.dump(flow, written)
    return written.getvalue()
