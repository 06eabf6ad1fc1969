"""``flowyard flow``: make, check and test flows on files alone, without a server; the history of a workspace's flows needs one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flowyard.cli import flow_history
from flowyard.cli.flow_build import build
from flowyard.cli.flow_environment import EnvironmentOption, Packages, enter_environment
from flowyard.cli.flow_import import bring
from flowyard.cli.flow_serve import serve
from flowyard.cli.options import ManyWordsCommand
from flowyard.cli.output import AsJson, emit, note
from flowyard.cli.session import key_values

app = typer.Typer(
    no_args_is_help=True,
    help="Make, check and test flows: no server is needed. History, clones and archives of a workspace's flows need one.",
)

FlowOption = Annotated[Path, typer.Option("--flow", "--source", help="The flow's folder, or its file.", show_default=False)]


@app.command()
def init(
    flow: FlowOption,
    kind: Annotated[
        str, typer.Option("--type", help="standard, chat, documents, classification, agent, evaluation, python, flex, prompty.")
    ] = "standard",
    index: Annotated[str | None, typer.Option(help="The index that a flow of the type documents asks.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a flow's folder from a template.

    Example: flowyard flow init --flow my_flow --type chat
    """
    from flowyard.flows.authoring import write_files
    from flowyard.flows.errors import FlowExistsError
    from flowyard.flows.templates import template_files

    files = template_files(kind, index)
    if flow.exists() and (not flow.is_dir() or any(flow.iterdir())):
        raise FlowExistsError(f"{str(flow)!r} is there already, and not empty.", remedy="Choose another folder.")
    write_files(flow, files)
    emit({"flow": str(flow), "type": kind, "files": sorted(files)}, as_json=as_json, text=f"Made {flow} ({', '.join(sorted(files))}).")
    note(f"Try it: flowyard flow test --flow {flow}")


@app.command()
def validate(flow: FlowOption, as_json: AsJson = False) -> None:
    """Check a flow's files against all rules, all variants included, without running it. Exit code 2: it has errors.

    Example: flowyard flow validate --flow my_flow
    """
    from flowyard.flows.rules import validate as check

    _, findings = check(flow)
    errors = sum(finding.severity == "error" for finding in findings)
    warnings = len(findings) - errors
    lines = [f"{_place(flow, finding)}: {finding.severity}: {_sentence(finding)} [{finding.code}]" for finding in findings]
    summary = f"{flow}: {errors} errors, {warnings} warnings" if findings else f"{flow}: no errors"
    emit({"valid": errors == 0, "findings": findings}, as_json=as_json, text="\n".join([*lines, summary]))
    if errors:
        raise typer.Exit(2)


InputsFileOption = Annotated[Path | None, typer.Option("--inputs-file", help="Inputs from a JSON object, or the first line of JSON lines.")]
ConnectionsFileOption = Annotated[
    list[Path] | None, typer.Option("--connections-file", help="Connections as prompt flow writes them: one, or a list, a file.")
]
ReplayOption = Annotated[
    bool, typer.Option("--replay", help="Use kept results of all nodes, not only of those with enable_cache, and keep new ones.")
]
InitOption = Annotated[
    list[str] | None, typer.Option("--init", help="Arguments of a flex flow's class, or what replaces parts of a prompty, name=value.")
]
NodeOption = Annotated[
    str | None,
    typer.Option("--node", help="Run this node alone; --inputs are its own then, or node.output=value and inputs.name=value."),
]
FromOption = Annotated[
    str | None,
    typer.Option("--from", help="Run this node and all that uses what it gives; the rest is taken from --run or --inputs."),
]
FormerOption = Annotated[
    str | None,
    typer.Option("--run", help="Where --node and --from find what the other nodes gave: a file of --detail, or a run's name:row."),
]
ConnectionsOption = Annotated[
    list[str] | None,
    typer.Option("--connections", help="node.connection=name, node.deployment_name=name, or any other input of a node."),
]


@app.command("test", cls=ManyWordsCommand)
def run_once(
    *,
    flow: FlowOption,
    inputs: Annotated[
        list[str] | None, typer.Option("--inputs", "-i", help="Inputs as name=value or name=@FILE, several after one flag.")
    ] = None,
    inputs_file: InputsFileOption = None,
    connections_file: ConnectionsFileOption = None,
    detail: Annotated[Path | None, typer.Option("--detail", help="Write what each node did into this JSON file.")] = None,
    environment: EnvironmentOption = Packages.AUTO,
    replay: ReplayOption = False,
    init: InitOption = None,
    node: NodeOption = None,
    start: FromOption = None,
    run: FormerOption = None,
    variant: Annotated[str | None, typer.Option("--variant", help="'${node.variant_id}': the variant of a node that runs.")] = None,
    connections: ConnectionsOption = None,
    environment_variables: Annotated[
        list[str] | None, typer.Option("--environment-variables", help="Set before the flow is loaded, name=value; they win over its own.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Run a flow, or a part of it, once and print its outputs as JSON; what nodes print goes to standard error.

    Exit codes: 0 done, 1 the flow failed, 2 bad usage or an invalid flow.

    Example: flowyard flow test --flow my_flow --inputs topic="a lighthouse"

    One node: flowyard flow test --flow my_flow --node answer --inputs question="Why?" search.output="From the index"
    """
    enter_environment(flow, environment)
    from flowyard.cli.flow_test import asked_part, run_test, words
    from flowyard.flows.format.overrides import parse_overrides
    from flowyard.flows.model import FlowOptions

    outputs = run_test(
        flow,
        inputs=inputs or [],
        inputs_file=inputs_file,
        connection_files=connections_file or [],
        detail=detail,
        progress=not as_json,
        replay=replay,
        part=asked_part(node, start, run),
        options=FlowOptions(
            variant=variant,
            overrides=parse_overrides(connections or []),
            init=key_values(init or []),
            environment_variables=words(environment_variables or []),
        ),
    )
    emit(outputs, as_json=True)


app.command("serve", cls=ManyWordsCommand)(serve)
app.command("build", cls=ManyWordsCommand)(build)
app.command("import", cls=ManyWordsCommand)(bring)
app.command("history")(flow_history.history)
app.command("diff")(flow_history.diff)
app.command("restore")(flow_history.restore)
app.command("clone")(flow_history.clone)
app.command("rename")(flow_history.rename)
app.command("upload")(flow_history.upload)
app.command("download")(flow_history.download)


def _place(flow: Path, finding: Any) -> str:
    folder = flow if flow.is_dir() else flow.parent
    return ":".join(str(part) for part in (folder / (finding.file or ""), finding.line, finding.column) if part is not None)


def _sentence(finding: Any) -> str:
    return f"{finding.message} {finding.remedy}" if finding.remedy else finding.message
