"""A scoring script: its module, ``init()`` and ``run()``."""

import asyncio
import importlib.util
import inspect
import json
import os
import sys
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

from flowyard.endpoints.errors import ScriptFailedError
from flowyard.endpoints.online.scripts.raw_http import AMLRequest, AMLResponse, as_plain, read_object, wants_request
from flowyard.foundation.errors import FlowyardError, Location

MODEL_VARIABLE = "AZUREML_MODEL_DIR"
_MODULE = "flowyard_scoring_script"


class Script:
    """A script whose ``init()`` was called.

    Args:
        code: the folder of its code; it becomes the working folder.
        path: the script, from there.
        threads: how many requests ``run`` is given at a time.
    """

    def __init__(self, code: Path, path: str, threads: int) -> None:
        file = code / path
        self._path = path
        os.chdir(code)
        # As Azure ML has it: what stands beside the script, and in the code's folder, is imported by its name.
        sys.path[:0] = list(dict.fromkeys([str(file.parent), str(code)]))
        module = self._guarded("cannot be imported", lambda: _imported(file))
        if callable(begin := getattr(module, "init", None)):
            self._guarded("init() failed", begin)
        run = getattr(module, "run", None)
        if not callable(run):
            raise ScriptFailedError(f"{path} has no function run.", remedy="Write: def run(data): ...", location=Location(file=path))
        describe = getattr(module, "describe", None)
        #: The JSON schema of the bodies, where the script says it.
        self.schema: dict[str, Any] = self._guarded("describe() failed", describe) if callable(describe) else {}
        self._run: Callable[..., Any] = run
        self._raw = wants_request(run)
        self._named = _is_schema_decorated(run)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="run")

    async def run(self, request: AMLRequest) -> AMLResponse:
        """Have the script answer a request.

        Raises:
            ScriptFailedError: it raised, or returned what JSON does not have.
            InvalidInputError: its parameters are named, and the body is no JSON object.
        """
        arguments, named = self._arguments(request)
        try:
            if inspect.iscoroutinefunction(self._run):
                answer = await self._run(*arguments, **named)
            else:
                context = copy_context()
                answer = await asyncio.get_running_loop().run_in_executor(
                    self._threads, lambda: context.run(self._run, *arguments, **named)
                )
            return answer if isinstance(answer, AMLResponse) else _response(answer)
        except FlowyardError:
            raise
        except Exception as error:
            raise self._failed("run() failed", error) from error

    def close(self) -> None:
        """End its threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _arguments(self, request: AMLRequest) -> tuple[tuple[Any, ...], dict[str, Any]]:
        if self._raw:
            return (request,), {}
        if self._named:
            return (), read_object(request.data)
        return (request.data.decode("utf-8", "replace"),), {}

    def _guarded(self, what: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except Exception as error:
            raise self._failed(what, error) from error

    def _failed(self, what: str, error: Exception) -> ScriptFailedError:
        """Return what the script did wrong, and print where: its log is the replica's."""
        traceback.print_exception(error)
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(self._path)]
        line = own[-1].lineno if own else None
        return ScriptFailedError(
            f"{self._path}: {what}: {type(error).__name__}: {error}",
            remedy="Correct the script; its log has the traceback.",
            location=Location(file=self._path, line=line),
        )


def _imported(file: Path) -> Any:
    spec = importlib.util.spec_from_file_location(_MODULE, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file.name} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[_MODULE] = module
    spec.loader.exec_module(module)
    return module


def _is_schema_decorated(run: Callable[..., Any]) -> bool:
    """Whether ``run`` has inference-schema's decorators: its parameters are the members of the body then."""
    if "inference_schema" not in sys.modules:
        return False
    found: Any = importlib.import_module("inference_schema.schema_util")
    return bool(found.is_schema_decorated(run))


def _response(answer: Any) -> AMLResponse:
    made = AMLResponse("", 200, json_str=True)
    made.set_data(json.dumps(answer, default=as_plain))
    return made
