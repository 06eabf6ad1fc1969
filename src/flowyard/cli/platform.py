"""``flowyard up``, ``down`` and ``status``: the platform on this machine."""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.output import AsJson, emit, emit_table, note
from flowyard.foundation.errors import FlowyardError
from flowyard.foundation.settings import DEFAULT_PORT, MOST_GATEWAYS, read_settings

if TYPE_CHECKING:
    from flowyard.compute.processes.home import RunningSupervisor
    from flowyard.server.mains.launcher import Started

Home = Annotated[Path | None, typer.Option(help="The folder that keeps everything; default FLOWYARD_HOME, or ~/.flowyard.")]

_LONGEST_STOP_S = 60.0


class NotStoppedError(FlowyardError):
    """The supervisor did not end in time and was killed."""

    code = "NotStopped"
    title = "It had to be killed"


def up(
    *,
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = DEFAULT_PORT,
    gateways: Annotated[
        int | None, typer.Option(min=1, max=MOST_GATEWAYS, help="How many gateways share the port; default FLOWYARD_GATEWAYS, or 1.")
    ] = None,
    home: Home = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Open no browser.")] = False,
    demo: Annotated[
        bool, typer.Option("--demo", help="In a new home folder, make an index of Flowyard's pages and a flow that answers from it.")
    ] = False,
    detach: Annotated[bool, typer.Option("--detach", help="Return once it answers; it goes on in the background.")] = False,
    as_json: AsJson = False,
    report_fd: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Start the platform: gateways, server and worker, each a supervised process. Ctrl-C stops them all.

    Example: flowyard up --port 8800
    """
    settings = read_settings(home=home)
    if gateways is not None:
        settings = replace(settings, gateways=gateways)
    if detach:
        from flowyard.cli.detached import start_detached

        _show(start_detached(settings, host, port, demo=demo), as_json=as_json, browser=not no_browser, detached=True)
        return
    from flowyard.cli.detached import report_problem, report_started
    from flowyard.server.mains.launcher import Launcher

    def on_ready(started: "Started") -> None:
        if report_fd is not None:
            report_started(report_fd, started)
        else:
            _show(started, as_json=as_json, browser=not no_browser)
        if demo and started.is_new:
            from flowyard.cli.demo import begin_demo

            begin_demo(settings.home)

    launcher = Launcher(settings, host=host, port=port, on_ready=on_ready, on_stopping=lambda: note("Stopping …"))
    try:
        launcher.run()
    except FlowyardError as error:
        if report_fd is not None:
            report_problem(report_fd, error)
        raise


def down(*, home: Home = None, as_json: AsJson = False) -> None:
    """Stop the platform that runs in the home folder, in order: what takes requests first.

    Example: flowyard down
    """
    from flowyard.compute.processes.home import find_supervisor

    settings = read_settings(home=home)
    running = find_supervisor(settings.home)
    if running is not None:
        _stop(running)
    what = {"stopped": running is not None, "home": str(settings.home)}
    emit(what, as_json=as_json, text=f"Stopped: {running.url}" if running else f"Nothing runs in {settings.home}.")


def status(*, home: Home = None, as_json: AsJson = False) -> None:
    """Show the platform's processes; exit code 1 when it does not run.

    Example: flowyard status --json
    """
    from flowyard.compute.processes.client import SupervisorHost
    from flowyard.compute.processes.home import find_supervisor
    from flowyard.foundation.clock import to_rfc3339

    settings = read_settings(home=home)
    running = find_supervisor(settings.home)
    if running is None:
        emit(
            {"running": False, "home": str(settings.home)}, as_json=as_json, text=f"Nothing runs in {settings.home}. Start it: flowyard up"
        )
        raise typer.Exit(1)
    processes = SupervisorHost(running.control, running.token).find()
    if as_json:
        whole: dict[str, Any] = {"running": True, "home": str(settings.home), "url": running.url, "pid": running.pid}
        emit(whole | {"version": running.version, "processes": processes}, as_json=True)
        return
    note(f"Flowyard {running.version} at {running.url}, process {running.pid}, in {settings.home}")
    columns = ("process", "state", "pid", "address", "restarts", "since", "error")
    rows = [
        (
            each.name,
            each.state,
            each.pid,
            each.address,
            each.restarts,
            each.started_ns and to_rfc3339(each.started_ns)[:19],
            _told(each.error),
        )
        for each in processes
    ]
    emit_table(processes, as_json=False, columns=columns, rows=rows, empty="No process is kept.")


def _told(error: dict[str, Any] | None) -> str:
    if not error:
        return ""
    first, _, _ = str(error.get("detail", "")).partition("\n")
    return f"{first} {error.get('remedy') or ''}".rstrip()


def _stop(running: "RunningSupervisor") -> None:
    os.kill(running.pid, signal.SIGTERM)
    end = time.monotonic() + _LONGEST_STOP_S
    while running.alive:
        if time.monotonic() > end:
            os.kill(running.pid, signal.SIGKILL)
            raise NotStoppedError(
                f"Process {running.pid} had not ended after {_LONGEST_STOP_S:g} s and was killed; its children ended with it."
            )
        time.sleep(0.02)


def _show(started: "Started", *, as_json: bool, browser: bool, detached: bool = False) -> None:
    if as_json:
        emit(started, as_json=True)
        sys.stdout.flush()
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(f"[bold]Flowyard[/bold] answers at [bold]{started.url}[/bold]")
    console.print("Sign in, once and within 15 minutes, with this link:")
    sys.stdout.write(started.sign_in_url + "\n")
    sys.stdout.flush()
    console.print("[dim]Stop it with: flowyard down[/dim]" if detached else "[dim]Ctrl-C stops it.[/dim]")
    if browser and sys.stdout.isatty() and has_display():
        import webbrowser

        webbrowser.open(started.sign_in_url)


def has_display() -> bool:
    """Return whether a browser could be shown."""
    return sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
