"""What is checked before a run is made, and what it is told once it begins. Neither runs any of the flow's code."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowyard.data.errors import DataError
from flowyard.data.rows import open_data
from flowyard.flows.runs.mapping import ColumnMapping
from flowyard.flows.runs.spec import CONCURRENCY, LINE_TIMEOUT_S, RunSpec
from flowyard.flows.runs.store import RunStore
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.wire.runs import RunCreate

if TYPE_CHECKING:
    from flowyard.flows.environments.apart import Apart

MOST_VARIANTS = 20
#: What a run that takes over another's rows does not take over from it.
_OWN = frozenset({"name", "resume_from", "display_name", "description", "tags", "properties"})
_ALL = "all:"


def inherited(request: RunCreate, earlier: RunCreate) -> RunCreate:
    """Return `request` with what it does not say taken from the run whose rows it takes over."""
    said = {field.name for field in fields(RunCreate) if getattr(request, field.name) != getattr(RunCreate(), field.name)}
    if {"flow", "snapshot"} & said:
        said |= {"flow", "snapshot", "flow_file"}
    values = {field.name: getattr(earlier, field.name) for field in fields(RunCreate) if field.name not in said | _OWN}
    return replace(request, **values)


def checked(request: RunCreate, *, flow: Path, data: Path | None, root: Path | None = None) -> RunCreate:
    """Return `request` with its variants named one by one, when it can be run.

    Args:
        request: what is asked for.
        flow: the flow's folder or file.
        data: the data, where there is any.
        root: files outside the flow's folder are used only from below this; None: all that this process can read.

    Raises:
        InvalidInputError: a number is out of range, a variant is none, or `init` of a run of a workspace holds a secret.
        InvalidFlowError: the flow has errors in one of the variants; `findings` has all of them.
        FlowNotFoundError: there is no flow.
        DataError: there is no data, or nobody can read it.
        MappingError: the column mapping names what the run does not have.
    """
    _check_numbers(request)
    if root is not None:
        from flowyard.flows.rules.init import refuse_secrets

        refuse_secrets(request.init)
    if data is None and request.run is None:
        raise DataError("The run has neither data nor another run's outputs.", remedy="Give --data FILE, or --run NAME, or both.")
    known = {"data"} if data is not None else set[str]()
    if request.run is not None:
        known |= {"run.inputs", "run.outputs"}
    ColumnMapping(request.column_mapping, frozenset(known))
    request = replace(request, variants=named_variants(request, flow, root))
    _check_flow(request, flow, root)
    if data is not None:
        open_data(data)
    return request


def spec_of(request: RunCreate, *, name: str, flow: Path, flow_name: str, data: Path | None, run: Path | None) -> RunSpec:
    """Return what a run is told."""
    return RunSpec(
        name=name,
        flow=flow,
        flow_name=flow_name,
        data=data,
        run=run,
        column_mapping=request.column_mapping,
        variants=request.variants,
        overrides=request.connections,
        environment_variables=request.environment_variables,
        init=request.init,
        max_failures=request.max_failures,
        concurrency=request.concurrency or CONCURRENCY,
        line_timeout_s=request.line_timeout_s or LINE_TIMEOUT_S,
        replay=request.replay,
    )


def take_over(folder: Path, earlier: Path) -> None:
    """Take the completed rows of the run in `earlier` into the run in `folder`. Again, it does nothing."""
    with RunStore(folder, write=True) as store:
        if store.fact("taken_over") is None:
            copied = store.take_over(earlier)
            store.set_facts(taken_over=copied)
            store.log(f"Took over {copied} completed rows of {earlier.name}.")


def interpreter(spec: RunSpec, home: Path, progress: Callable[[str], None], apart: "Apart | None" = None) -> str | None:
    """Return the interpreter that has the flow's packages, built where it is not there yet; None: this one.

    With `apart` it is the workspace's own, built by its user.

    Raises:
        RequirementsError, EnvironmentBuildError: a package cannot be had.
    """
    from flowyard.flows.environments import other_python
    from flowyard.flows.rules import load_valid

    flow = load_valid(spec.flow, spec.options(spec.sides[0]))
    return other_python(flow.folder, flow, home, progress=progress, apart=apart)


def tool_connections_of(spec: RunSpec, known: Mapping[str, object]) -> set[str]:
    """Return which of the `known` connections the run's tools get: those that the flow names, in any of the run's variants.

    LLM nodes get none: they call the gateway.
    """
    from flowyard.flows.inspect import connections_of_tools, named_by_init
    from flowyard.flows.rules import load_valid

    named = named_by_init(spec.init) & set(known)
    for side in spec.sides:
        named |= connections_of_tools(load_valid(spec.flow, spec.options(side)), known)
    for value in spec.environment_variables.values():
        if value.startswith("${"):
            named |= {value[2:].partition(".")[0]} & set(known)
    return named


def _check_numbers(request: RunCreate) -> None:
    bounds: tuple[tuple[str, float | None, float, float], ...] = (
        ("max_failures", request.max_failures, 0, 10**9),
        ("concurrency", request.concurrency, 1, 1000),
        ("line_timeout_s", request.line_timeout_s, 0.001, 86_400),
    )
    for name, value, least, most in bounds:
        if value is not None and not least <= value <= most:
            raise InvalidInputError(
                f"{name} is {value}, expected {least} to {most}.",
                remedy="Give a number between these.",
                location=Location(pointer=f"/{name}"),
            )


def named_variants(request: RunCreate, flow: Path, root: Path | None) -> tuple[str, ...]:
    """Return a request's variants, each as ``${node.variant_id}``: of ``all:node`` all that the node has.

    Raises:
        InvalidInputError: one names no variant, or there are too many.
    """
    found: list[str] = []
    for text in request.variants:
        found += _all_of(text.removeprefix(_ALL), request, flow, root) if text.startswith(_ALL) else [_normal(text)]
    unique = tuple(dict.fromkeys(found))
    if len(unique) > MOST_VARIANTS:
        raise InvalidInputError(f"The run has {len(unique)} variants.", remedy=f"Compare at most {MOST_VARIANTS} in one run.")
    return unique


def _normal(text: str) -> str:
    from flowyard.flows.format.variants import parse_variant

    node, variant = parse_variant(text)
    return f"${{{node}.{variant}}}"


def _all_of(node: str, request: RunCreate, flow: Path, root: Path | None) -> list[str]:
    from flowyard.flows.rules import load_valid

    spec = load_valid(flow, _options(request, None, root))
    table = spec.node_variants.get(node)
    if table is None:
        near = nearest(node, list(spec.node_variants))
        raise InvalidInputError(
            f"The node {node!r} has no variants.",
            remedy=f"Did you mean {near!r}?" if near else f"Nodes with variants: {', '.join(spec.node_variants) or 'none'}.",
        )
    return [f"${{{node}.{variant}}}" for variant in table.nodes]


def _check_flow(request: RunCreate, flow: Path, root: Path | None) -> None:
    from flowyard.flows.rules import load_valid

    for variant in request.variants or (None,):
        load_valid(flow, _options(request, variant, root))


def mapping_warnings(request: RunCreate, flow: Path, root: Path | None = None) -> list[str]:
    """Return what the column mapping of a checked request gives that the flow does not take. As in prompt flow, that is no error."""
    from flowyard.flows.rules import load_valid

    variant = request.variants[0] if request.variants else None
    known = list(load_valid(flow, _options(request, variant, root)).inputs)
    found: list[str] = []
    for name in request.column_mapping:
        if name not in known:
            near = nearest(name, known)
            instead = f"Did you mean {near!r}?" if near else f"Its inputs: {', '.join(known) or 'none'}."
            found.append(f"The column mapping feeds {name!r}, and the flow has no such input. {instead}")
    return found


def _options(request: RunCreate, variant: str | None, root: Path | None) -> Any:
    from flowyard.flows.model import FlowOptions

    return FlowOptions(
        variant=variant,
        overrides=request.connections,
        init=request.init,
        environment_variables=request.environment_variables,
        root=root,
    )
