"""The program of a built image that serves a scoring script or a model, on the container's port.

Both are children of a supervisor elsewhere. Here nobody supervises but the container's own runtime, so the process hands itself what the
supervisor would, and becomes the replica or the engine.
"""

import argparse
import os
import runpy
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.compute.child import PARENT_PID, READY_FD, SOCKET_FD
from flowyard.compute.processes.spawn import bind
from flowyard.endpoints.online.protocol import VERSION
from flowyard.foundation.codecs import decode, to_json
from flowyard.foundation.errors import FlowyardError, InvalidInputError

MODULE = "flowyard.endpoints.building.program"
#: The environment variable with the key that callers of a model send as their bearer token.
KEY = "ENDPOINT_KEY"
#: Where a script's files are, and what is told of it there.
SCRIPT = "script"
TOLD = "deployment.json"
MODELS = "models"

_REPLICA = "flowyard.endpoints.online.scripts.replica"


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A scoring script: its path below ``code/``, how many requests it gets at a time, and whose deployment it is."""

    script: str
    threads: int
    endpoint: str
    deployment: str


def main(words: Sequence[str] | None = None) -> None:
    """Serve a scoring script of the folder ``script``, or a model of the folder ``models``, until SIGTERM."""
    parser = argparse.ArgumentParser(prog=MODULE)
    parser.add_argument("kind", choices=("script", "model"))
    parser.add_argument("model", nargs="?", default="")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    told = parser.parse_args(words)
    try:
        module = _script(told.host, told.port) if told.kind == "script" else _model(told.model, told.host, told.port)
    except FlowyardError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        raise SystemExit(error.exit_code) from error
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _script(host: str, port: int) -> str:
    folder = Path(SCRIPT).resolve()
    told = decode((folder / TOLD).read_bytes(), Script)
    message = {
        "version": VERSION,
        "code": str(folder / "code"),
        "script": told.script,
        "model": str(folder / "model"),
        "threads": told.threads,
        "endpoint": told.endpoint,
        "deployment": told.deployment,
        "workspace_id": "",
        # Whoever reaches the container may call it, and nobody here reads its spans.
        "token": "",
        "spools": "",
    }
    _hand_over(message, host, port)
    return _REPLICA


def _model(name: str, host: str, port: int) -> str:
    from flowyard.catalog.service import Catalog

    key = os.environ.pop(KEY, "")
    if not key:
        raise InvalidInputError(
            f"The variable {KEY} is not set, and anybody could call the model.", remedy=f"Set it where the container runs: -e {KEY}=..."
        )
    process = Catalog(Path(MODELS).resolve()).engine(name, key, idle_timeout_s=None).process
    os.environ.update(process.environment)
    message = {**process.message, "api_key": key}
    if process.socket:
        _hand_over(message, host, port)
    else:
        _hand_over(message | {"host": host, "port": port})
    return process.module


def _hand_over(message: dict[str, Any], host: str | None = None, port: int = 0) -> None:
    """Put the message on standard input, bind the socket where there is to be one. Nobody waits to be told that it is ready."""
    if host is not None:
        listener = bind(host, port)
        os.environ[SOCKET_FD] = str(listener.detach())
    with tempfile.TemporaryFile() as file:
        file.write(to_json(message))
        file.seek(0)
        os.dup2(file.fileno(), 0)
    os.environ[READY_FD] = str(os.open(os.devnull, os.O_WRONLY))
    os.environ[PARENT_PID] = str(os.getppid())


if __name__ == "__main__":
    main()
