"""The entry of a flex flow, imported and made: one object for this process, called for each line and once for all of them."""

import importlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from flowyard.flows.errors import ToolError
from flowyard.flows.flex.errors import AggregationError, EntryLoadError
from flowyard.flows.flex.making import make_entry
from flowyard.flows.flex.signature import EntrySignature, signature_of, unwrapped
from flowyard.flows.flex.spec import RESULTS, init_values, signed
from flowyard.flows.model import EntrySpec, FlowSpec, NodeSpec, Place
from flowyard.flows.nodes.connections import Connections
from flowyard.flows.nodes.modules import FlowModules
from flowyard.flows.nodes.tool import runs_on_loop
from flowyard.flows.runtime.context import active_node
from flowyard.flows.runtime.lanes import lane
from flowyard.flows.runtime.plan import Executable
from flowyard.flows.runtime.record import has_opaque, json_value
from flowyard.flows.runtime.streams import as_outputs, parts_of
from flowyard.foundation.errors import Location, nearest

Function = Callable[..., Any]


class AttrDict(dict[str, Any]):
    """A line's result as ``__aggregate__`` gets it: a dict whose keys are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(name) from error


class Entry:
    """A flow's entry, ready to be called.

    Args:
        flow: the flow as its file says it.
        call: what a line calls.
        aggregate: what is called once, with the results of all lines.
        made: the class that `call` is a method of an object of, if any.
        again: makes another such object, for lines that run beside others in a batch: there no object is called twice at once.

    Attributes:
        flow: the flow with what the entry itself says of inputs and outputs.
    """

    def __init__(
        self,
        flow: FlowSpec,
        call: Function,
        aggregate: Function | None = None,
        made: type[Any] | None = None,
        again: Callable[[], Any] | None = None,
    ) -> None:
        self._call = call
        self._again = again
        self._aggregate = aggregate
        parameters, extra = signature_of(call)
        signature = EntrySignature(
            line=1,
            is_class=made is not None,
            parameters=parameters,
            open=extra,
            init=signature_of(made)[0] if made is not None and "__init__" in vars(made) else (),
            aggregates=None if aggregate is None else 1,
        )
        self.flow = signed(flow, signature, flow.entry.place) if flow.entry else flow
        self._takes_all = extra
        self._taken = frozenset(it.name for it in parameters)

    def __call__(self, flow: FlowSpec, node: NodeSpec) -> Executable:
        """Return the executable of `node`: the entry's own, or that of the aggregation."""
        del flow
        if node.aggregation and self._aggregate is not None:
            return _aggregation(self._aggregate)
        label = str(getattr(self._call, "__qualname__", node.name))
        return Executable(call=self._returning(), is_async=runs_on_loop(self._call), error_code="ScriptExecutionError", label=label)

    def _returning(self) -> Function:
        """Return the function that a line calls: iterators in what it returns become streams."""
        target = self._given()
        if inspect.isasyncgenfunction(self._call):
            return target
        if inspect.iscoroutinefunction(self._call):

            async def call_async(**values: Any) -> Any:
                return parts_of(await target(**values), 0)

            return call_async

        def call(**values: Any) -> Any:
            return parts_of(target(**values), 0)

        return call

    def _given(self) -> Function:
        """Return the code itself, or what leaves out the inputs that it does not take."""
        taken = self._taken
        target = self._call if self._again is None or runs_on_loop(self._call) else _PerLane(self._call, self._again).call
        if self._takes_all or taken.issuperset(self.flow.inputs):
            return target

        def known(**values: Any) -> Any:
            return target(**{name: value for name, value in values.items() if name in taken})

        return known


class _PerLane:
    """Calls an object of its own in each lane of a batch, made when a line comes; the first one everywhere else."""

    def __init__(self, first: Function, again: Callable[[], Any]) -> None:
        self._calls = {0: first}
        self._again = again

    def call(self, **values: Any) -> Any:
        number = lane()
        found = self._calls.get(number)
        if found is None:
            found = self._calls[number] = self._again().__call__
        return found(**values)


def load_entry(flow: FlowSpec, modules: FlowModules, connections: Connections, init: Mapping[str, Any]) -> Entry:
    """Import the entry of a flex flow, and make the object when it is a class.

    Raises:
        EntryLoadError: its module cannot be imported, or has no such function or class.
        EntryInitError, UnknownConnectionError: the class cannot be made.
        AggregationError: its ``__aggregate__`` does not take one value.
    """
    entry = cast("EntrySpec", flow.entry)
    module = _module(entry, modules)
    found = getattr(module, entry.name, None)
    if inspect.isclass(found):
        if "__call__" not in dir(found):
            raise _wrong(entry, f"The class {entry.name!r} cannot be called.", "Give it a method __call__(self, ...).")
        return _class_entry(flow, found, init_values(entry, init), connections)
    if not inspect.isfunction(found):
        what = "is not there" if found is None else f"is {type(found).__name__}"
        near = nearest(entry.name, [name for name, item in vars(module).items() if inspect.isfunction(item) or inspect.isclass(item)])
        remedy = f"Did you mean {near!r}?" if near and near != entry.name else "Name a function, or a class with __call__."
        raise _wrong(entry, f"The entry {str(entry)!r} must be a function or a class; it {what}.", remedy)
    return Entry(flow, found)


def _class_entry(flow: FlowSpec, made: type[Any], values: Mapping[str, Any], connections: Connections) -> Entry:
    """Return the entry that an object of `made` is, and that others of the kind will be."""
    entry = replace(cast("EntrySpec", flow.entry), sample_init=dict(values))

    def make() -> Any:
        return make_entry(made, entry, values, connections)

    return _object_entry(replace(flow, entry=entry), make(), made, make)


def _object_entry(flow: FlowSpec, found: Any, made: type[Any] | None = None, again: Callable[[], Any] | None = None) -> Entry:
    aggregate = getattr(found, "__aggregate__", None)
    if aggregate is not None and len(inspect.signature(aggregate).parameters) != 1:
        raise AggregationError(
            f"__aggregate__ of {type(found).__name__!r} must take one value: the list of the lines' results.",
            remedy="Write def __aggregate__(self, line_results).",
        )
    return Entry(flow, found.__call__, aggregate, made, again)


def _module(entry: EntrySpec, modules: FlowModules) -> ModuleType:
    parts = entry.module.split(".")
    local = next(
        (path for path in ("/".join(parts) + ".py", "/".join([*parts, "__init__.py"])) if (modules.folder / path).is_file()),
        None,
    )
    try:
        return modules.load(local) if local else importlib.import_module(entry.module)
    except ToolError:
        raise
    except (Exception, SystemExit) as error:
        location = _line_in(error, modules, local) or Location(file=entry.place.file, line=entry.place.line, column=entry.place.column)
        missing = isinstance(error, ModuleNotFoundError)
        raise EntryLoadError(
            f"The module {entry.module!r} of the entry cannot be imported: {type(error).__name__}: {error}",
            remedy="Install what it needs into this environment (see the flow's requirements.txt)." if missing else None,
            location=location,
        ) from error


def _line_in(error: BaseException, modules: FlowModules, path: str | None) -> Location | None:
    file = str(modules.folder / path) if path else ""
    if isinstance(error, SyntaxError) and error.filename == file:
        return Location(file=path, line=error.lineno, column=error.offset)
    trace, line = error.__traceback__, None
    while trace is not None:
        line = trace.tb_lineno if trace.tb_frame.f_code.co_filename == file else line
        trace = trace.tb_next
    return Location(file=path, line=line) if line else None


def _wrong(entry: EntrySpec, message: str, remedy: str) -> EntryLoadError:
    place = entry.place
    return EntryLoadError(message, remedy=remedy, location=Location(file=place.file, line=place.line, column=place.column))


def _aggregation(function: Function) -> Executable:
    """Return the executable of ``__aggregate__``: the dict that it returns are the metrics; when it fails there are none, and a warning."""

    def finished(result: Any) -> Any:
        if isinstance(result, dict):
            return _logged(cast("dict[str, Any]", result))
        _warn(f"__aggregate__ returned {type(result).__name__}, not a dict: there are no metrics.")
        return result

    def call(**values: Any) -> Any:
        try:
            return finished(function(_results(values[RESULTS])))
        except Exception as error:  # noqa: BLE001 - the user's code; the run has its lines all the same
            _failed(error)
            return None

    async def call_async(**values: Any) -> Any:
        try:
            return finished(await function(_results(values[RESULTS])))
        except Exception as error:  # noqa: BLE001 - as above
            _failed(error)
            return None

    is_async = runs_on_loop(function)
    return Executable(call=call_async if is_async else call, is_async=is_async, error_code="ScriptExecutionError", label="__aggregate__")


def _results(values: Sequence[Any]) -> list[Any]:
    """Return the lines' results as the function gets them: dicts and dataclasses with their keys as attributes."""
    found: list[Any] = []
    for value in values:
        outputs = as_outputs(value)
        found.append(value if outputs.keys() == {"output"} and not isinstance(value, dict) else AttrDict(outputs))
    return found


def _logged(metrics: dict[str, Any]) -> dict[str, Any]:
    node = active_node()
    for name, value in metrics.items():
        kept = json_value(value)  # numpy's numbers become Python's
        if has_opaque(kept):
            _warn(f"The metric {name!r} is {type(value).__name__}, which has no form in JSON, and is not kept.")
        elif node is not None:
            node.metrics[str(name)] = kept
    return metrics


def _warn(text: str) -> None:
    node = active_node()
    if node is not None:
        node.warnings.append(text)


def _failed(error: Exception) -> None:
    _warn(f"Execution failure in '__aggregate__': ({type(error).__name__}) {error}. There are no metrics.")


def callable_entry(target: Function, connections: Connections, init: Mapping[str, Any]) -> Entry:
    """Return the entry of a flow that is nothing but a function, an object with ``__call__``, or a class of such objects.

    Raises:
        EntryInitError, UnknownConnectionError: the class cannot be made.
        AggregationError: its ``__aggregate__`` does not take one value.
    """
    code = unwrapped(target)
    kind = code if inspect.isroutine(code) or inspect.isclass(code) else type(code)
    try:
        file = Path(inspect.getfile(kind)).resolve()
    except (TypeError, OSError):
        file = Path.cwd() / "callable.py"
    place = Place(file.name, getattr(getattr(code, "__code__", None), "co_firstlineno", 1), 1)
    entry = EntrySpec(module=file.stem, name=kind.__name__.strip("<>"), place=place)
    flow = FlowSpec(folder=file.parent, file=file.name, name=entry.name, inputs={}, outputs={}, nodes=(), kind="flex", entry=entry)
    if inspect.isclass(target):
        return _class_entry(flow, target, init, connections)
    return Entry(flow, target) if inspect.isroutine(code) else _object_entry(flow, target)
