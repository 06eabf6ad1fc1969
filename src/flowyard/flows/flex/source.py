"""What the text of a flex flow's Python file says about its entry, while somebody types it. None of it runs."""

import ast

from flowyard.flows.flex.signature import EntrySignature, names_defined, read_signature
from flowyard.flows.nodes.source import parameters_of, parsed, unbound
from flowyard.wire.flow_editing import SourceEntry, SourceName, SourceReport
from flowyard.wire.flow_terms import Finding

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def entry_report(path: str, text: str, name: str) -> SourceReport:
    """Return what `text` says of the entry `name`, what else in it could be one, and what is wrong with the text."""
    tree = parsed(path, text)
    if isinstance(tree, Finding):
        return SourceReport(findings=(tree,))
    names, more = names_defined(text)
    definitions = {key: item for key, item in names.items() if isinstance(item, _Function | ast.ClassDef)}
    more = more or "__getattr__" in names
    found = _entry(name, names[name]) if name in names else SourceEntry(name=name, kind="other", line=1) if more else None
    return SourceReport(
        entry=found,
        definitions=tuple(SourceName(name=key, line=item.lineno) for key, item in definitions.items() if not key.startswith("_")),
        findings=tuple(unbound(path, text, tree)),
    )


def _entry(name: str, definition: ast.stmt) -> SourceEntry:
    signature = read_signature(definition)
    if signature is None:
        return SourceEntry(name=name, kind="other", line=definition.lineno)
    methods = {item.name: item for item in definition.body if isinstance(item, _Function)} if isinstance(definition, ast.ClassDef) else {}
    call = definition if isinstance(definition, _Function) else methods.get("__call__")
    returns = call.returns if call else None
    return SourceEntry(
        name=name,
        kind="class" if signature.is_class else "function",
        line=definition.lineno,
        doc=_doc(definition),
        parameters=parameters_of({it.name: it.optional for it in signature.parameters}, call),
        open=_takes_any(signature, call),
        init=parameters_of({it.name: it.optional for it in signature.init}, methods.get("__init__")),
        init_open=signature.init_open,
        returns=ast.unparse(returns) if returns else None,
        calls=signature.calls,
        aggregates=signature.aggregates is not None,
    )


def _takes_any(signature: EntrySignature, call: _Function | None) -> bool:
    """Return whether a call takes any name besides; what a decorator may change is told as it is written."""
    return signature.open if call is None else call.args.kwarg is not None


def _doc(definition: ast.stmt) -> str | None:
    return ast.get_docstring(definition) if isinstance(definition, _Function | ast.ClassDef) else None
