"""What the source of a flex flow's entry adds to its YAML: the inputs where none are declared, and what does not fit. Nothing is run."""

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from flowyard.flows.flex.signature import EntrySignature, names_defined, read_signature
from flowyard.flows.flex.spec import signed
from flowyard.flows.format.paths import is_possible
from flowyard.flows.model import EntrySpec, FlowSpec, Place
from flowyard.flows.rules.base import Breach
from flowyard.foundation.errors import nearest
from flowyard.wire.flow_terms import Finding

#: So many names that there are instead are told.
_NAMED = 8


def with_entry(flow: FlowSpec) -> tuple[FlowSpec, list[Finding]]:
    """Return the flow with what the source of its entry says, and what is wrong with the entry."""
    entry = flow.entry
    if entry is None:
        return flow, []
    file = module_file(flow.folder, entry.module)
    if file is None:
        return flow, [_finding("PythonLoadError", _no_module(flow, entry))]
    shown = file.relative_to(flow.folder).as_posix() if file.is_relative_to(flow.folder) else str(file)
    found = _definition(file, entry.name)
    if isinstance(found, Breach):
        place = Place(shown, found.place.line, found.place.column) if found.place.file else entry.place
        return flow, [_finding("PythonLoadError", replace(found, place=place))]
    if found is None:
        return flow, []
    return signed(flow, found, Place(shown, found.line, 1)), [_finding(code, breach) for code, breach in _breaches(flow, found)]


def entry_signature(flow: FlowSpec) -> EntrySignature | None:
    """Return what the source of the flow's entry says that it takes, or None where only running it could tell."""
    file = module_file(flow.folder, flow.entry.module) if flow.entry else None
    found = _definition(file, flow.entry.name) if flow.entry and file else None
    return None if isinstance(found, Breach) else found


def module_file(folder: Path, module: str) -> Path | None:
    """Return the file of a module: one of the flow's folder, else of an installed package, which is not imported. None: there is none."""
    parts = module.split(".")
    if not is_possible(f"{'/'.join(parts)}.py"):
        return None
    for base in (folder, *_package_folders(parts)):
        for file in (base.joinpath(*parts[:-1], f"{parts[-1]}.py"), base.joinpath(*parts, "__init__.py")):
            if file.is_file():
                return file
    return None


def _package_folders(parts: list[str]) -> Iterator[Path]:
    try:
        spec = importlib.util.find_spec(parts[0])
    except (ImportError, ValueError):  # a module that is loaded without saying from where
        return
    if spec is None:
        return
    places = spec.submodule_search_locations
    if places is not None:
        yield from (Path(place).parent for place in places)
    elif spec.origin:
        yield Path(spec.origin).parent


def _no_module(flow: FlowSpec, entry: EntrySpec) -> Breach:
    modules = [file.relative_to(flow.folder).with_suffix("").as_posix().replace("/", ".") for file in flow.folder.rglob("*.py")]
    near = nearest(entry.module, modules)
    path = f"{entry.module.replace('.', '/')}.py"
    return Breach(
        f"The entry {str(entry)!r} names the module {entry.module!r}: there is no {path} in the flow's folder, and no installed module.",
        entry.place,
        f"Did you mean {near}:{entry.name}?" if near else f"Create {path}, or correct the entry.",
        entry.name,
    )


def _definition(file: Path, name: str) -> EntrySignature | Breach | None:
    return _read_definition(str(file), file.stat().st_mtime_ns, name)


@lru_cache(maxsize=256)
def _read_definition(file: str, _changed_ns: int, name: str) -> EntrySignature | Breach | None:
    try:
        names, more = names_defined(Path(file).read_text(encoding="utf-8-sig"))
    except SyntaxError as error:
        return Breach(f"{Path(file).name} is no Python: {error.msg}.", Place(file, error.lineno or 1, error.offset or 1), None, name)
    except (ValueError, RecursionError, OSError) as error:
        return Breach(f"{Path(file).name} cannot be read: {error}.", Place(file, 1, 1), "Save it as UTF-8.", name)
    if name in names:
        return read_signature(names[name])
    if more or "__getattr__" in names:
        return None
    near = nearest(name, list(names))
    return Breach(
        f"{Path(file).name} has no function or class {name!r}.",
        Place("", 1, 1),
        f"Did you mean {near!r}?" if near else _what_there_is(names),
        name,
    )


def _what_there_is(names: Mapping[str, ast.stmt]) -> str:
    found = [name for name, item in names.items() if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]
    return f"It has {', '.join(found[:_NAMED])}." if found else "Define it, or correct the entry."


def _breaches(flow: FlowSpec, signature: EntrySignature) -> Iterator[tuple[str, Breach]]:
    entry = flow.entry
    if entry is None:
        return
    if not signature.calls:
        yield (
            "PythonLoadError",
            Breach(f"The class {entry.name!r} cannot be called.", entry.place, "Give it a method __call__(self, ...).", entry.name),
        )
    if signature.aggregates not in {None, 1}:
        yield (
            "InvalidAggregationFunction",
            Breach(
                f"__aggregate__ of {entry.name!r} must take one value, the list of the lines' results; it takes {signature.aggregates}.",
                entry.place,
                "Write def __aggregate__(self, line_results).",
                entry.name,
            ),
        )
    if "inputs" in entry.declared and not signature.open:
        taken = {it.name: it.optional for it in signature.parameters}
        places = {name: spec.place for name, spec in flow.inputs.items()}
        yield from _mismatch(entry, "inputs", places, taken)
    if "init" in entry.declared:
        taken = {it.name: it.optional for it in signature.init}
        if not signature.is_class:
            yield "SignatureMismatch", Breach(f"`init` is for classes; {entry.name!r} is a function.", entry.place, "Remove `init`.")
        elif taken:
            yield from _mismatch(entry, "init", {name: spec.place for name, spec in entry.init.items()}, taken)


def _mismatch(entry: EntrySpec, part: str, declared: dict[str, Place], taken: dict[str, bool]) -> Iterator[tuple[str, Breach]]:
    for name, place in declared.items():
        if name not in taken:
            near = nearest(name, list(taken))
            yield (
                "SignatureMismatch",
                Breach(
                    f"{part} declares {name!r}, which {entry.name!r} does not take.",
                    place,
                    f"Did you mean {near!r}?" if near else f"It takes {', '.join(taken) or 'nothing'}.",
                    entry.name,
                ),
            )
    for name in taken:
        if name not in declared:
            yield (
                "SignatureMismatch",
                Breach(
                    f"{entry.name!r} takes {name!r}, which {part} does not declare.",
                    entry.place,
                    f"Declare {name!r} too, or leave {part} out: then it is read from the code.",
                    entry.name,
                ),
            )


def _finding(code: str, breach: Breach) -> Finding:
    place = breach.place
    return Finding(
        code=code,
        severity="error",
        message=breach.message,
        remedy=breach.remedy,
        file=place.file,
        line=place.line,
        column=place.column,
        node=breach.node,
    )
