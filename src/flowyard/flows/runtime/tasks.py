"""The third way in which the steps of a stage are run: as tasks on an event loop. `asyncio` takes a while to import, so it stays here."""

import asyncio
import contextvars
import inspect
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from flowyard.flows.runtime.drivers import Readiness, node_pool
from flowyard.flows.runtime.line import Line
from flowyard.flows.runtime.outputs import END, begin, close, close_rest, enter, pull, tell, unread
from flowyard.flows.runtime.plan import Stage, Step
from flowyard.flows.runtime.streams import Stream


async def run_stage_async(line: Line, stage: Stage) -> None:
    """Run a stage as tasks on this loop; synchronous steps that could wait run on threads.

    Raises:
        NodeFailedError: the first step that failed; the others are canceled.
    """
    readiness = Readiness(stage)
    running: dict[asyncio.Task[None], Step] = {}

    def start(steps: list[Step]) -> None:
        for step in steps:
            running[asyncio.create_task(_call_async(line, step))] = step

    start(readiness.first())
    try:
        while running:
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                step = running.pop(task)
                task.result()
                start(readiness.after(step))
    except BaseException:
        line.cancel()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        raise


async def _call_async(line: Line, step: Step) -> None:
    arguments = line.begin(step)
    if arguments is None:
        return
    call, start = step.executable.call, time.perf_counter_ns()
    try:
        if step.executable.is_async:
            value = call(**arguments)
            if inspect.isawaitable(value):
                value = await value
        elif step.executable.quick:
            value = call(**arguments)
        else:
            value = await on_thread(lambda: call(**arguments))
    except (Exception, SystemExit) as error:
        raise line.fail(step, error) from error
    line.finish(step, value, time.perf_counter_ns() - start)
    stream = line.outputs[step.index]
    if isinstance(stream, Stream) and stream.is_async and step.feeds_nodes:
        await _read_whole(line, step, stream)


async def _read_whole(line: Line, step: Step, stream: Stream) -> None:
    try:
        async for _ in stream.read():
            pass
    except (Exception, SystemExit) as error:
        raise line.fail(step, error) from error


async def on_thread(work: Callable[[], Any]) -> Any:
    """Run `work` on a node thread with this task's context."""
    context = contextvars.copy_context()
    return await asyncio.get_running_loop().run_in_executor(node_pool(), context.run, work)


async def collect_async(line: Line) -> dict[str, Any]:
    """Return the outputs of a line that runs on this loop.

    Raises:
        NodeFailedError: a reference does not lead to a value, or a generator failed.
    """
    values = line.output_values()
    if not line.streamed:
        return values
    told = begin(line, values)
    for name, value in values.items():
        if not isinstance(value, Stream):
            continue
        async for piece in _pieces(line, value):
            tell(line, name, piece, told)
        values[name] = close(line, value)
    for value in unread(line):
        async for _ in _pieces(line, value):
            pass
    close_rest(line)
    return values


async def _pieces(line: Line, stream: Stream) -> AsyncIterator[Any]:
    """Yield the pieces of a generator as it gives them, each read on its own ground.

    Raises:
        NodeFailedError: the generator failed.
    """
    enter(line, stream)
    if stream.is_async:
        try:
            async for piece in stream.read():
                yield piece
        except (Exception, SystemExit) as error:
            raise line.fail(line.step(stream.step), error) from error
        return
    pieces = iter(stream)
    while (piece := await on_thread(lambda: pull(line, stream, pieces))) is not END:
        yield piece
