"""vLLM as an engine, on machines with a GPU: its own server in a child process, whose command is ``vllm``.

Also the program of that process (``python -m`` this module): it looks for a card, starts ``vllm serve``, and tells the address once its
``/health`` answers. vLLM may be installed beside us (the extra ``vllm``) or in an environment of its own whose ``bin`` is on the PATH.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import msgspec

from flowyard.compute.child import Child
from flowyard.compute.model import ProcessSpec
from flowyard.foundation.codecs import convert
from flowyard.foundation.errors import MissingExtraError
from flowyard.inference.engines.settings import EngineSettings
from flowyard.inference.errors import EngineFailedError

MODULE = "flowyard.inference.engines.vllm"
PROGRAM = "vllm"

_READY_S = 900.0
_DRAIN_S = 8.0
_LOOK_S = 0.25
# What CUDA, its compiler and vLLM's caches are found by. The rest of our environment is not for it.
_PASSED = ("PATH", "HOME", "LD_LIBRARY_PATH", "CUDA_HOME", "CUDA_VISIBLE_DEVICES", "NVIDIA_VISIBLE_DEVICES")
_FIXED = {"HF_HUB_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1", "DO_NOT_TRACK": "1"}


class VllmMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The start message. `context` is the tokens of one request, of which `parallel` run at once; `port` 0: a free one."""

    folder: str
    alias: str
    api_key: str
    context: int
    parallel: int
    host: str = "127.0.0.1"
    port: int = 0


def engine_spec(name: str, folder: Path, settings: EngineSettings, *, api_key: str, idle_timeout_s: float | None = None) -> ProcessSpec:
    """Return the process. It binds its own port, since vLLM takes no socket, and tells the address when the model is loaded."""
    message = VllmMessage(
        folder=str((folder / settings.model_file).parent),
        alias=name.rpartition("/")[2],
        api_key=api_key,
        context=settings.context,
        parallel=settings.parallel,
    )
    return ProcessSpec(
        name=name,
        module=MODULE,
        environment={variable: os.environ[variable] for variable in _PASSED if variable in os.environ} | _FIXED,
        message=msgspec.to_builtins(message),
        socket=False,
        ready_timeout_s=_READY_S,
        stop_timeout_s=_DRAIN_S + 4.0,
        idle_timeout_s=idle_timeout_s,
    )


def main() -> None:
    """Start vLLM, tell the address when it is healthy, and end with it."""
    child = Child.start()
    with child.reporting():
        message = convert(child.message, VllmMessage)
        check_gpu()
        port = message.port or _free_port()
        process = subprocess.Popen(command(message, port), env={**os.environ, "VLLM_API_KEY": message.api_key})  # noqa: S603  # found below
        asked = _end_with_us(process)
        _await_health(process, f"http://127.0.0.1:{port}/health", message)
    child.ready(f"{message.host}:{port}")
    code = process.wait()
    raise SystemExit(0 if asked.is_set() else code or 1)


def command(message: VllmMessage, port: int) -> list[str]:
    """Return vLLM's command. The key is not in it, where everybody on the machine could read it.

    Raises:
        MissingExtraError: there is no such program.
    """
    program = shutil.which(PROGRAM, path=os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]))
    if program is None:
        raise MissingExtraError("vLLM", "vllm")
    return [
        program, "serve", message.folder,
        "--served-model-name", message.alias,
        "--host", message.host,
        "--port", str(port),
        "--max-model-len", str(message.context),
        "--max-num-seqs", str(message.parallel),
    ]  # fmt: skip


def check_gpu() -> None:
    """Return when the NVIDIA driver knows a card.

    Raises:
        EngineFailedError: there is none.
    """
    program = shutil.which("nvidia-smi")
    listed = subprocess.run([program, "-L"], capture_output=True, text=True, timeout=30, check=False).stdout if program else ""  # noqa: S603
    if "GPU " not in listed:
        raise EngineFailedError(
            "vLLM needs an NVIDIA card, and the driver of this machine shows none (nvidia-smi -L).",
            remedy="Use a model of llama.cpp here, or reach a vLLM elsewhere by a connection of type open_ai with its base_url.",
        )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


def _end_with_us(process: subprocess.Popen[bytes]) -> threading.Event:
    """Pass SIGTERM on, and kill what has not ended some seconds later. The event tells that the end was asked for."""
    asked = threading.Event()

    def end(signum: int, frame: FrameType | None) -> None:
        del signum, frame
        asked.set()
        process.terminate()
        timer = threading.Timer(_DRAIN_S, process.kill)
        timer.daemon = True
        timer.start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    return asked


def _await_health(process: subprocess.Popen[bytes], url: str, message: VllmMessage) -> None:
    """Return when vLLM answers. How long that may take is the supervisor's to say."""
    while not _is_healthy(url):
        if process.poll() is not None:
            raise EngineFailedError(
                f"vLLM ended with exit code {process.returncode} before it had loaded {message.alias!r}.",
                remedy="What it wrote is in the log. Often the card has too little memory: lower context or parallel in the model's card.",
            )
        time.sleep(_LOOK_S)


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # our own http address
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


if __name__ == "__main__":
    main()
