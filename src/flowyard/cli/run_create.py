"""``flowyard run create`` and ``resume``: at the server, or right here on files alone."""

import signal
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import typer

from flowyard.cli.options import ManyWordsCommand
from flowyard.cli.output import AsJson, counted, emit, note
from flowyard.cli.run_place import Local, local_runs, server_runs, server_runs_unless
from flowyard.foundation.errors import FlowyardError, InvalidInputError
from flowyard.foundation.settings import read_settings
from flowyard.wire.runs import RunCreate

if TYPE_CHECKING:
    from flowyard.client.runs import Runs
    from flowyard.flows.runs.local import LocalRuns
    from flowyard.flows.runs.messages import GatewayAccess
    from flowyard.wire.runs import Run, RunCounts

Words = list[str] | None
_DATA = "Rows: a .jsonl, .csv, .tsv, .json or .parquet file or a folder of such; azureml:NAME:VERSION; azureml://… or https://…."
ConnectionFiles = Annotated[
    list[Path] | None, typer.Option("--connections-file", help="With --local: connections, as prompt flow writes them.")
]


class RunCommand(ManyWordsCommand):
    """Commands with options that take several words after one flag."""

    many: ClassVar[frozenset[str]] = frozenset(
        {
            "--column-mapping", "--variant", "--connections", "--environment-variables", "--init", "--tags", "--set", "--connections-file",
        }
    )  # fmt: skip


class RunFailedError(FlowyardError):
    """A run that a command waited for did not complete."""

    code = "RunFailed"
    title = "The run did not complete"


def create(
    *,
    flow: Annotated[str | None, typer.Option("--flow", help="A flow's folder or file, or the name of a flow of the workspace.")] = None,
    data: Annotated[str | None, typer.Option("--data", help=_DATA)] = None,
    column_mapping: Annotated[Words, typer.Option("--column-mapping", help="input='${data.column}', several after one flag.")] = None,
    run: Annotated[str | None, typer.Option("--run", help="A run whose ${run.outputs.x} and ${run.inputs.x} feed this one.")] = None,
    variant: Annotated[Words, typer.Option("--variant", help="'${node.variant_id}' or all:node; several run side by side.")] = None,
    connections: Annotated[Words, typer.Option("--connections", help="node.connection=x, node.deployment_name=y.")] = None,
    environment_variables: Annotated[Words, typer.Option("--environment-variables", help="NAME=VALUE for the flow.")] = None,
    init: Annotated[Words, typer.Option("--init", help="Arguments of a flex flow's class, name=value.")] = None,
    resume_from: Annotated[str | None, typer.Option("--resume-from", help="A run whose completed rows are taken over.")] = None,
    name: Annotated[str | None, typer.Option("--name", "-n", help="The run's name; default: the flow's and the time.")] = None,
    display_name: Annotated[str | None, typer.Option("--display-name", help="What it is shown as.")] = None,
    description: Annotated[str | None, typer.Option("--description", help="What it is for.")] = None,
    tags: Annotated[Words, typer.Option("--tags", help="NAME=VALUE, several after one flag.")] = None,
    max_failures: Annotated[int | None, typer.Option("--max-failures", min=0, help="More failed rows than this end the run.")] = None,
    concurrency: Annotated[int | None, typer.Option("--concurrency", min=1, help="Rows at once at most; default 16.")] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds that a row may take; default 600.")] = None,
    replay: Annotated[bool, typer.Option("--replay", help="Take kept results of all nodes where they are there.")] = False,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A run.yaml; the other options win over it.")] = None,
    changes: Annotated[Words, typer.Option("--set", help="key=value over the run.yaml's, display_name=x for instance.")] = None,
    stream: Annotated[bool, typer.Option("--stream", "-s", help="Wait for its end, showing how far it is.")] = False,
    local: Annotated[bool, typer.Option("--local", help="Run it here and now, without a server.")] = False,
    connections_file: ConnectionFiles = None,
    as_json: AsJson = False,
) -> None:
    """Run a flow over the rows of a file. Rows that fail do not fail the run.

    Exit codes: 0 completed (with failed rows too), 1 the run failed, 2 bad usage or invalid input, 130 interrupted.

    Example: flowyard run create --flow my_flow --data rows.jsonl --column-mapping question='${data.question}' --local
    """
    asked: dict[str, Any] = {
        "flow": flow, "data": data, "run": run, "resume_from": resume_from, "name": name, "display_name": display_name,
        "description": description, "max_failures": max_failures, "concurrency": concurrency, "line_timeout_s": timeout,
        "replay": replay or None, "variants": tuple(variant or ()), "column_mapping": pairs("--column-mapping", column_mapping),
        "connections": _overrides(connections), "environment_variables": pairs("--environment-variables", environment_variables),
        "init": _values(init), "tags": pairs("--tags", tags),
    }  # fmt: skip
    request = _request(file, asked | {key: value for key, value in _changes(changes).items() if asked.get(key) is None})
    if local:
        made = local_runs().create(request, connections_file or ())
        _carry_out(made.name, connections_file or [], as_json=as_json)
        return
    if connections_file:
        raise InvalidInputError("--connections-file is for --local.", remedy="Create them at the server: flowyard connection create --file")
    runs = server_runs()
    made = runs.submit(request)
    if stream:
        follow(runs, made.name, as_json=as_json)
    else:
        emit(made, as_json=as_json, text=f"{made.name} is queued. Watch it: flowyard run stream {made.name}")


def resume(
    name: Annotated[str, typer.Argument(help="The run's name.")],
    *,
    stream: Annotated[bool, typer.Option("--stream", "-s", help="Wait for its end, showing how far it is.")] = False,
    local: Local = False,
    connections_file: ConnectionFiles = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a run that failed, was canceled or interrupted, or run the failed rows of a completed one again.

    Completed rows are not run again. Example: flowyard run resume my-run --stream
    """
    runs = server_runs_unless(local=local)
    if runs is None:
        files = connections_file or list(local_runs().connection_files(name))
        _carry_out(name, files, as_json=as_json)
        return
    run = runs.resume(name)
    if stream:
        follow(runs, name, as_json=as_json)
    else:
        emit(run, as_json=as_json, text=f"{name} is {run.status}. Watch it: flowyard run stream {name}")


def follow(runs: "Runs", name: str, *, as_json: bool) -> None:
    """Wait for the end of a run at the server, and print how it ended.

    Raises:
        RunFailedError: it did not complete.
    """
    from flowyard.cli.run_progress import RunProgress

    with RunProgress(quiet=as_json) as shown:
        run = runs.stream(name, lambda run: shown.show(run.counts), on_waiting=lambda why: shown.tell(f"waiting: {why}"))
    _print_end(runs, run, local=False, as_json=as_json)
    if run.status != "completed":
        error = run.error or {}
        raise RunFailedError(str(error.get("detail") or f"The run {name!r} is {run.status}."), remedy=error.get("remedy"))


def _carry_out(name: str, files: list[Path], *, as_json: bool) -> None:
    from flowyard.cli.run_progress import RunProgress
    from flowyard.compute.errors import JobCanceledError
    from flowyard.flows.runs.local import LocalMeans

    runs = local_runs()
    try:
        with RunProgress(quiet=as_json) as shown, _interruptible() as check:
            progress: Callable[[RunCounts], None] = shown.show
            means = LocalMeans(
                connections=_connections(files), gateway=_gateway(), check_canceled=check, progress=progress, tell=shown.tell
            )
            runs.execute(name, means)
    except JobCanceledError:
        run = runs.get(name)
        _print_end(runs, run, local=True, as_json=as_json)
        note(f"Canceled; what is done stays. Go on with it: flowyard run resume {run.name} --local")
        sys.exit(130)
    _print_end(runs, runs.get(name), local=True, as_json=as_json)


def _print_end(runs: "LocalRuns | Runs", run: "Run", *, local: bool, as_json: bool) -> None:
    from flowyard.cli.run_tables import run_text, unread_text

    emit(run, as_json=as_json, text=run_text(run))
    if as_json:
        return
    place = " --local" if local else ""
    if run.counts.completed:
        note(f"See what came out: flowyard run show-details {run.name}{place}")
    if run.counts.failed:
        note(f"{counted(run.counts.failed, 'row')} failed. See them: flowyard run show-details {run.name} --status failed{place}")
    if unread := unread_text(run.name, runs.unread_answers(run.name, limit=1), local=local):
        note(unread)


@contextmanager
def _interruptible() -> "Generator[Callable[[], None]]":
    """Turn the first Ctrl-C into a cancel at the next look; the second one ends the process as ever."""
    from flowyard.compute.errors import JobCanceledError

    asked = threading.Event()

    def on_interrupt(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        asked.set()
        signal.signal(signal.SIGINT, before)

    def check() -> None:
        if asked.is_set():
            raise JobCanceledError("The run was interrupted.")

    before = signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


def _gateway() -> "GatewayAccess | None":
    """Return the gateway of the running installation, for connections that no file gives."""
    from flowyard.client.credentials import find_credentials
    from flowyard.client.errors import NoServerError
    from flowyard.flows.runs.messages import GatewayAccess

    try:
        found = find_credentials(read_settings())
    except NoServerError:
        return None
    return GatewayAccess(url=found.url, api_key=found.api_key)


def _connections(files: list[Path]) -> dict[str, dict[str, Any]]:
    if not files:
        return {}
    from flowyard.cli.flow_models import given_connections

    return given_connections(files)


def _request(file: Path | None, asked: dict[str, Any]) -> RunCreate:
    base = RunCreate()
    if file is not None:
        from flowyard.flows.runs.file import read_run_file

        read = read_run_file(file)
        base = read.request
        for warning in read.warnings:
            note(f"{warning.file}:{warning.line}: warning: {warning.message} {warning.remedy or ''}".rstrip())
    return replace(base, **{key: value for key, value in asked.items() if value not in (None, {}, ())})


def pairs(option: str, words: Words) -> dict[str, str]:
    """Read ``name=value`` words; values stay text, and each input's type says what becomes of them.

    Raises:
        InvalidInputError: a word has no ``=``.
    """
    found: dict[str, str] = {}
    for word in words or ():
        name, separator, value = word.partition("=")
        if not separator or not name:
            raise InvalidInputError(f"{word!r} is not of the form name=value.", remedy=f"Write for instance: {option} name=value")
        found[name] = value
    return found


def _values(words: Words) -> dict[str, Any]:
    from flowyard.cli.session import key_values

    return key_values(words or [])


def _changes(words: Words) -> dict[str, str]:
    found = pairs("--set", words)
    known = ("name", "display_name", "description", "flow", "data", "run")
    for key in found:
        if key not in known:
            raise InvalidInputError(f"--set takes no key {key!r}.", remedy=f"Keys: {', '.join(known)}; all else has an option of its own.")
    return found


def _overrides(words: Words) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in pairs("--connections", words).items():
        node, dot, key = name.rpartition(".")
        if not dot or not node:
            raise InvalidInputError(f"{name!r} names no node.", remedy="Write for instance: --connections answer.connection=my_connection")
        found.setdefault(node, {})[key] = value
    return found
