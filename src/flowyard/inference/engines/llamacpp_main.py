"""The child process that holds a llama.cpp server. ``python -m`` this module; the supervisor starts it."""

import os
import signal
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Literal

import msgspec

from flowyard.compute.child import Child
from flowyard.foundation.codecs import convert
from flowyard.foundation.errors import MissingExtraError
from flowyard.inference.engines.settings import CacheType
from flowyard.inference.errors import EngineFailedError

_DRAIN_S = 8.0
_SIGNALS = {signal.SIGTERM, signal.SIGINT}

# llama.cpp gives each connection a thread, also while it waits for a slot; health and metrics must find one.
_HTTP_THREADS = 64

# ggml's numbers of these formats (ggml.h, enum ggml_type).
_GGML_TYPES: dict[CacheType, int] = {"f16": 1, "q4_0": 2, "q8_0": 8}


class LlamaMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The start message of the llama.cpp child. `context` is the tokens of one request, of which `parallel` run at once.

    `port` 0: a free one.
    """

    model_path: str
    alias: str
    api_key: str
    context: int = 4096
    parallel: int = 4
    cache_type: CacheType = "f16"
    threads: int = 1
    task: Literal["chat", "embedding"] = "chat"
    host: str = "127.0.0.1"
    port: int = 0


def main() -> None:
    """Load the model, tell the address, serve until SIGTERM, let running requests end."""
    # Before any thread exists, so that all inherit it and only `sigwait` below sees the signals.
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    child = Child.start()
    with child.reporting():
        message = convert(child.message, LlamaMessage)
        server = load(message)
    child.ready(server.listening_address.removeprefix("http://"))
    signal.sigwait(_SIGNALS)
    _drain(server.listening_address, message.api_key)
    sys.stdout.flush()
    # The server's destructor would wait for idle connections; there is nothing to save.
    os._exit(0)


def load(message: LlamaMessage) -> Any:
    """Start llama.cpp's server and return it (``listening_address`` is its URL).

    Raises:
        EngineFailedError: the file is missing or no model that llama.cpp can read.
        MissingExtraError: xllamacpp is not installed.
    """
    if not Path(message.model_path).is_file():
        raise EngineFailedError(f"There is no {message.model_path!r}.", remedy=f"Run: flowyard model pull {message.alias}")
    os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
    try:
        import xllamacpp as loaded  # reads OMP_WAIT_POLICY when it is loaded
    except ImportError as error:
        raise MissingExtraError("The local engine", "server") from error
    xllamacpp: Any = loaded
    params = xllamacpp.CommonParams()
    params.model.path = message.model_path
    params.model_alias = {message.alias}
    # Every slot has a context of its own: with a shared one (kv_unified) the same request at temperature 0 answers differently
    # depending on what else runs.
    params.n_ctx = message.context * message.parallel
    params.n_parallel = message.parallel
    params.cache_type_k = params.cache_type_v = _GGML_TYPES[message.cache_type]
    # Each slot keeps its last prompt. Kept beside the slots, every further prompt would take as much again, up to 8 GiB: more than
    # anybody counts with who asks whether a model fits.
    params.cache_ram_mib = 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = message.threads
    params.api_keys = [message.api_key]
    params.hostnames = [message.host]
    params.port = message.port
    params.ui = False
    params.offline = True
    params.verbosity = -1
    params.endpoint_metrics = True
    params.n_threads_http = _HTTP_THREADS
    params.embedding = message.task == "embedding"
    try:
        return xllamacpp.Server(params)
    except Exception as error:
        raise EngineFailedError(
            f"llama.cpp cannot load {message.model_path!r}: {str(error).rstrip('.')}.",
            remedy=f"Check the file: flowyard model verify --files {message.alias}. Enough memory?",
        ) from error


def _drain(address: str, key: str) -> None:
    deadline = time.monotonic() + _DRAIN_S
    while time.monotonic() < deadline and _busy(address, key):
        time.sleep(0.05)


def _busy(address: str, key: str) -> bool:
    request = urllib.request.Request(f"{address}/metrics", headers={"authorization": f"Bearer {key}"})  # noqa: S310 - our own http address
    try:
        with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310 - our own http address
            lines = answer.read().decode().splitlines()
    except OSError:
        return False
    wanted = ("llamacpp:requests_processing ", "llamacpp:requests_deferred ")
    return any(float(line.rpartition(" ")[2]) > 0 for line in lines if line.startswith(wanted))


if __name__ == "__main__":
    main()
