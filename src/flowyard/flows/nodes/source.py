"""What the text of a node's file says about itself: variables of a template, tools of Python code, mistakes. None of it runs."""

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping

from flowyard.flows.nodes.signature import ToolSignature, signatures
from flowyard.flows.nodes.template import template_problem, template_variables
from flowyard.wire.flow_editing import SourceName, SourceParameter, SourceReport, SourceTool
from flowyard.wire.flow_terms import Finding, Severity

TEMPLATES = (".jinja2", ".jinja", ".j2")
_MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__spec__", "__package__", "__loader__", "__path__", "__annotations__"})


def report(path: str, text: str) -> SourceReport:
    """Return what `text` says, by the ending of `path`: nothing for a file that is neither a template nor Python."""
    if path.endswith(TEMPLATES):
        return _template(path, text)
    return _python(path, text) if path.endswith(".py") else SourceReport()


def _template(path: str, text: str) -> SourceReport:
    problem = template_problem(text)
    if problem is not None:
        found = _finding(path, "InvalidTemplate", "error", f"The template is wrong: {problem[0].rstrip('.')}.", problem[1])
        return SourceReport(findings=(found,))
    return SourceReport(variables=tuple(SourceName(name=name, line=line) for name, line in template_variables(text).items()))


def _python(path: str, text: str) -> SourceReport:
    tree = parsed(path, text)
    if isinstance(tree, Finding):
        return SourceReport(findings=(tree,))
    tools = signatures(text)
    return SourceReport(
        tools=tuple(_tool(tree, tool) for tool in tools), findings=(*_tool_findings(path, tools), *unbound(path, text, tree))
    )


def parsed(path: str, text: str) -> ast.Module | Finding:
    """Return the tree of Python code, or why it is none."""
    try:
        tree = ast.parse(text)
        # What only the compiler sees, such as a return outside of a function. Nothing of it is run.
        compile(text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return _finding(path, "PythonLoadError", "error", f"This is no valid Python: {error.msg}.", error.lineno or 1, error.offset)
    except (ValueError, RecursionError, MemoryError) as error:
        return _finding(path, "PythonLoadError", "error", f"This is no valid Python: {error}.", 1)
    return tree


def _tool(tree: ast.Module, tool: ToolSignature) -> SourceTool:
    functions = [item for item in ast.walk(tree) if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.lineno == tool.line]
    return SourceTool(
        name=tool.name, line=tool.line, open=tool.open, parameters=parameters_of(tool.parameters, functions[0] if functions else None)
    )


def parameters_of(optional: Mapping[str, bool], function: ast.FunctionDef | ast.AsyncFunctionDef | None) -> tuple[SourceParameter, ...]:
    """Return parameters, of which `optional` says whether they may be left out, as `function` has them written."""
    written = _written(function) if function else {}
    unknown = (None, None)
    return tuple(
        SourceParameter(name=name, required=not free, type=written.get(name, unknown)[0], default=written.get(name, unknown)[1])
        for name, free in optional.items()
    )


def _written(function: ast.FunctionDef | ast.AsyncFunctionDef) -> dict[str, tuple[str | None, str | None]]:
    """Return the annotation and the default of each parameter, as they are written."""
    given = function.args
    positional = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [*[None] * (len(positional) - len(given.defaults)), *given.defaults]
    pairs = [*zip(positional, defaults, strict=True), *zip(given.kwonlyargs, given.kw_defaults, strict=True)]
    return {
        argument.arg: (ast.unparse(argument.annotation) if argument.annotation else None, ast.unparse(default) if default else None)
        for argument, default in pairs
    }


def _tool_findings(path: str, tools: list[ToolSignature]) -> Iterator[Finding]:
    if not tools:
        remedy = "Write `from promptflow.core import tool` and put @tool above one function."
        yield _finding(path, "NoToolDefined", "error", "No function has @tool.", 1, remedy=remedy)
    for tool in tools[1:]:
        message = f"A second function has @tool: {tool.name}."
        yield _finding(path, "MultipleToolsDefined", "error", message, tool.line, remedy="Keep one in each file.")


def unbound(path: str, text: str, tree: ast.Module) -> Iterator[Finding]:
    """Yield the names that are read and that nothing in the file, nor Python, defines."""
    if any(isinstance(item, ast.ImportFrom) and item.names[0].name == "*" for item in ast.walk(tree)):
        return
    top = symtable.symtable(text, path, "exec")
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    bound |= _declared_global(top)
    known = bound | _MODULE_NAMES | set(dir(builtins))
    wanted = {name for name in _globals_read(top) if name not in known}
    seen: set[str] = set()
    for item in sorted((each for each in ast.walk(tree) if isinstance(each, ast.Name)), key=lambda each: (each.lineno, each.col_offset)):
        if item.id in wanted - seen:
            seen.add(item.id)
            yield _finding(path, "UndefinedName", "warning", f"Nothing defines {item.id!r}.", item.lineno, item.col_offset + 1)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _declared_global(top: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for table in _tables(top)
        for symbol in table.get_symbols()
        if symbol.is_declared_global() and symbol.is_assigned()
    }


def _globals_read(top: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for table in _tables(top)
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (symbol.is_global() or table is top)
    }


def _finding(
    path: str, code: str, severity: Severity, message: str, line: int, column: int | None = None, *, remedy: str | None = None
) -> Finding:
    return Finding(code=code, severity=severity, message=message, remedy=remedy, file=path, line=line, column=column)
