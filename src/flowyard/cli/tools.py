"""``flowyard tool``: make, list and check tools. Only what is asked of a flow of the workspace needs a server."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from flowyard.cli.options import ManyWordsCommand
from flowyard.cli.output import AsJson, emit, note

app = typer.Typer(no_args_is_help=True, help="Make, list and check tools.")


class SetCommand(ManyWordsCommand):
    """A command whose ``--set`` takes several words."""

    many = frozenset({"--set"})


class InputsCommand(ManyWordsCommand):
    """A command whose ``--inputs`` takes several words."""

    many = frozenset({"--inputs"})


@app.command(cls=SetCommand)
def init(
    tool: Annotated[str, typer.Option("--tool", help="The tool's name: its function and its file are called so.", show_default=False)],
    package: Annotated[str | None, typer.Option("--package", help="Make a package of this name with the tool in it.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="What @tool says besides, as key=value: icon=…, category=…; several after one flag.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a tool: a Python file here, or a package with an entry point that tells flows of it.

    Example: flowyard tool init --package my_tools --tool greet
    """
    from flowyard.flows.tools.scaffold import tool_files
    from flowyard.foundation.errors import ConflictError

    files = tool_files(tool, package, _pairs(settings or []))
    there = sorted(path for path in files if Path(path).exists())
    if there:
        raise ConflictError(f"{there[0]!r} is there already.", remedy="Choose another name, or another folder.")
    for path, text in files.items():
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
    emit({"tool": tool, "package": package, "files": sorted(files)}, as_json=as_json, text=f"Made {', '.join(sorted(files))}.")
    note(f"Try it: pip install ./{package} && flowyard tool list" if package else f"Try it: flowyard tool validate --source {tool}.py")


@app.command("list")
def show(
    flow: Annotated[Path | None, typer.Option("--flow", help="List the tools in this flow's folder too.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the tools that flows may use: built-in ones, those of installed packages, and with --flow those of a flow's files.

    Their code runs in a process of its own.

    Example: flowyard tool list --flow my_flow
    """
    from flowyard.flows.tools.known import built_in_tools
    from flowyard.flows.tools.listing import package_tools

    listing = package_tools()
    package = {**built_in_tools(), **listing.tools}
    code = _code_tools(flow) if flow else {}
    lines = [f"{key}  {_first_line(said)}" for key, said in sorted({**package, **code}.items())]
    for name, reason in listing.broken.items():
        note(f"The tools of package {name} cannot be used: {reason}")
    emit({"package": package, "code": code}, as_json=as_json, text="\n".join(lines))


@app.command()
def validate(
    source: Annotated[str, typer.Option("--source", help="A package, a function as package.module.function, or a Python file.")],
    as_json: AsJson = False,
) -> None:
    """Check tools: their settings name inputs that are there, their lists come from functions that are there. Exit code 2: some are wrong.

    Example: flowyard tool validate --source my_tools.greet.greet
    """
    from flowyard.flows.tools.listing import described

    tools, wrong = described(str(Path(source).resolve()) if Path(source).is_file() else source)
    lines = [f"{key}: {fault}" for key, faults in wrong.items() for fault in faults]
    summary = f"{source}: {len(tools) + len(wrong)} tools, {len(wrong)} not valid"
    result = {"valid": not wrong, "tools": sorted([*tools, *wrong]), "wrong": wrong}
    emit(result, as_json=as_json, text="\n".join([*lines, summary]))
    if wrong:
        raise typer.Exit(2)


class Scenario(StrEnum):
    """What a form asks of a tool."""

    DYNAMIC_LIST = "dynamic_list"
    GENERATED_BY = "generated_by"
    REVERSE_GENERATED_BY = "reverse_generated_by"


@app.command(cls=InputsCommand)
def values(
    tool: Annotated[str, typer.Option("--tool", help="The tool's id, as `flowyard tool list` shows it.", show_default=False)],
    name: Annotated[str, typer.Option("--input", help="The input whose values are wanted.", show_default=False)],
    *,
    inputs: Annotated[list[str] | None, typer.Option("--inputs", help="Other inputs, name=value; several after one flag.")] = None,
    scenario: Annotated[Scenario, typer.Option(help="What to ask for.")] = Scenario.DYNAMIC_LIST,
    flow: Annotated[str | None, typer.Option("--flow", help="Ask in the environment of this flow of the workspace, on the server.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ask a package tool for the values that a form offers for one of its inputs; without --flow in this environment.

    Example: flowyard tool values --tool my_tools.pick.pick --input choice --inputs kind=a
    """
    from flowyard.cli.session import key_values, workspace
    from flowyard.flows.tools.listing import tool_values
    from flowyard.wire.flows import ToolValuesQuery

    given = key_values(inputs or [])
    if flow is None:
        found = tool_values(ToolValuesQuery(tool=tool, input=name, scenario=scenario.value, inputs=given))
    else:
        found = workspace().flows.tool_values(flow, tool, name, given, scenario=scenario.value)
    lines = [f"{value.value}" + (f"  {value.display_value}" if value.display_value else "") for value in found.values]
    emit(found, as_json=as_json or scenario is not Scenario.DYNAMIC_LIST, text="\n".join(lines) or "It offers nothing.")


def _pairs(settings: list[str]) -> dict[str, str]:
    from flowyard.foundation.errors import InvalidInputError

    found: dict[str, str] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise InvalidInputError(f"{setting!r} is no setting.", remedy="Write it as key=value.")
        found[key] = value
    return found


def _code_tools(flow: Path) -> dict[str, Any]:
    """Return the tools of a flow's nodes by their files."""
    from flowyard.flows.rules import validate as check
    from flowyard.flows.tools.listing import described

    spec, _ = check(flow)
    found: dict[str, Any] = {}
    for node in spec.nodes if spec else ():
        path = node.source.path if node.source and node.source.type == "code" and node.type == "python" else None
        if spec and path and path not in found and (spec.folder / path).is_file():
            tools, _ = described(str(spec.folder / path), folder=spec.folder)
            found.update(zip([path], tools.values(), strict=False))
    return found


def _first_line(definition: Any) -> str:
    said: Any = definition.get("description") or definition.get("name") or ""
    if isinstance(said, dict):
        said = next(iter(cast("dict[str, Any]", said).values()), "")
    return str(said).partition("\n")[0]
