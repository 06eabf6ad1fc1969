"""``node_variants``: reading all of them, and choosing the one that runs. A variant replaces the whole node and takes its name."""

import re
from dataclasses import replace

from flowyard.flows.format.document import Entry, Marked
from flowyard.flows.format.fields import Fields, Findings
from flowyard.flows.format.nodes import read_node
from flowyard.flows.model import NodeSpec, NodeVariants, Place
from flowyard.foundation.errors import InvalidInputError, nearest

VARIANTS_KEYS = ("default_variant_id", "variants")
VARIANT_KEYS = ("node", "description")

_OPTION = re.compile(r"\$\{([^.}]+)\.([^}]+)\}")


def parse_variant(text: str) -> tuple[str, str]:
    """Return the node and the variant that ``${node.variant_id}`` names.

    Raises:
        InvalidInputError: it is not of this form.
    """
    found = _OPTION.fullmatch(text.strip().strip("'\""))
    if found is None:
        raise InvalidInputError(f"{text!r} names no variant.", remedy="Write it as '${node.variant_id}', in quotes in a shell.")
    return found[1], found[2]


class VariantReader:
    """Reads ``node_variants`` and gives the nodes that use them.

    Args:
        flow: the file's fields.
        asked: the variant that this run asks for, ``${node.variant_id}``; None: the defaults.
        findings: takes what does not fit; in a variant that is not chosen it is a warning.

    Raises:
        InvalidInputError: `asked` is no variant's name.
    """

    def __init__(self, flow: Fields, asked: str | None, findings: Findings) -> None:
        self._findings = findings
        self._asked = parse_variant(asked) if asked is not None else None
        self._used: set[str] = set()
        self.read = {name: self._table(name, entry) for name, entry in flow.mapping("node_variants").items()}

    def node(self, name: str, item: Marked) -> NodeSpec | None:
        """Return the chosen variant of the node at `item`, which uses variants; None when there is none."""
        self._used.add(name)
        table = self.read.get(name)
        if table is None:
            self._missing(name, f"Node {name!r} uses variants, and node_variants has none for it.", item.place, list(self.read))
            return None
        node = table.nodes.get(table.chosen) if table.chosen is not None else None
        if node is None and not self._is_asked(name):
            what = f"its default {table.default!r} is not among them" if table.default is not None else "it names no default"
            self._missing(name, f"Node {name!r} uses variants, and {what}.", table.place, list(table.nodes))
        node = node or next(iter(table.nodes.values()), None)  # its name stays known, so that nothing else is said to miss it
        return replace(node, use_variants=True) if node is not None else None

    def finish(self, nodes: list[str], place: Place) -> None:
        """Report the variant that was asked for when it was not found. `nodes`: the names of the flow's nodes."""
        if self._asked is None:
            return
        name, variant = self._asked
        table = self.read.get(name)
        asked = f"${{{name}.{variant}}}"
        if name not in nodes:
            self._unknown(f"The variant {asked} is not there: the flow has no node {name!r}.", name, nodes, place)
        elif table is None or variant not in table.nodes:
            known = list(table.nodes) if table else []
            self._unknown(f"The variant {asked} is not there.", variant, known, table.place if table else place)
        elif name not in self._used:
            self._findings.add(
                "VariantNotUsed",
                f"Node {name!r} does not say `use_variants: true`, so {asked} changes nothing.",
                table.place,
                severity="warning",
                remedy="Set use_variants: true at the node.",
                node=name,
            )

    def _is_asked(self, name: str) -> bool:
        return self._asked is not None and self._asked[0] == name

    def _table(self, name: str, entry: Entry) -> NodeVariants:
        fields = Fields(entry.value, VARIANTS_KEYS, self._findings, f"the variants of node {name!r}", name)
        default = fields.text("default_variant_id")
        chosen = self._asked[1] if self._asked is not None and self._is_asked(name) else default
        nodes: dict[str, NodeSpec] = {}
        descriptions: dict[str, str] = {}
        for variant, item in fields.mapping("variants").items():
            found = self._findings if variant == chosen else Findings()
            one = Fields(item.value, VARIANT_KEYS, found, f"variant {variant!r} of node {name!r}", name)
            node = one.entry("node")
            if node is None:
                one.add("MissingVariantNode", f"Variant {variant!r} of node {name!r} has no `node`.", item.place, remedy="Add node: ...")
            else:
                nodes[variant] = read_node(name, node.value, found)
                descriptions[variant] = one.text("description") or ""
            if found is not self._findings:
                self._findings.found += [replace(finding, severity="warning") for finding in found.found]
        place = entry.value.place
        return NodeVariants(
            place=place, default=default, chosen=chosen if chosen in nodes else None, nodes=nodes, descriptions=descriptions
        )

    def _missing(self, name: str, message: str, place: Place, known: list[str]) -> None:
        remedy = f"Write node_variants.{name}.default_variant_id and node_variants.{name}.variants.<id>.node."
        there = f" There are: {', '.join(known)}." if known else ""
        self._findings.add("NodeOfVariantNotFound", f"{message}{there}", place, remedy=remedy, node=name)

    def _unknown(self, message: str, name: str, known: list[str], place: Place) -> None:
        near = nearest(name, known)
        remedy = f"Did you mean {near!r}?" if near else (f"There are: {', '.join(known)}." if known else "The node has no variants.")
        self._findings.add("VariantNotFound", message, place, remedy=remedy)
