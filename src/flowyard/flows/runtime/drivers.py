"""Two ways in which the steps of a stage are run: one after the other here, and side by side on threads. `tasks` has the third.

All of them follow the same plan and keep the same records; they differ only in when and where a step is called.
"""

import contextvars
import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from flowyard.flows.runtime.line import Line, NodeFailedError
from flowyard.flows.runtime.plan import Stage, Step
from flowyard.flows.runtime.straight import run_straight

#: Blocking nodes of all lines of this process share so many threads; whole lines that an event loop hands over share as many others.
THREADS = 64
#: How long a line waits for a busy pool to begin its node before it runs the node itself, seconds.
_PATIENCE_S = 0.002

_pool_lock = threading.Lock()
_pools: dict[str, ThreadPoolExecutor] = {}


def node_pool() -> ThreadPoolExecutor:
    """Return the threads on which blocking nodes run, made at first use."""
    return _pool("node")


def line_pool() -> ThreadPoolExecutor:
    """Return the threads on which lines run that an event loop hands over, made at first use."""
    return _pool("line")


def _pool(name: str) -> ThreadPoolExecutor:
    with _pool_lock:
        if name not in _pools:
            _pools[name] = ThreadPoolExecutor(THREADS, thread_name_prefix=f"flowyard-{name}")
        return _pools[name]


def run_stage(line: Line, stage: Stage) -> None:
    """Run a stage without asynchronous steps, here, and beside here where steps block and need not wait for one another.

    Raises:
        NodeFailedError: the first step that failed; what was pending is canceled.
    """
    try:
        if stage.wide and any(step.blocks for step in stage.steps):
            _run_pooled(line, stage)
        elif stage.straight and line.observer is None and line.recorded:
            run_straight(line, stage)
        else:
            for step in stage.steps:
                _call(line, step)
    except NodeFailedError:
        line.cancel()
        raise


def _call(line: Line, step: Step) -> None:
    arguments = line.begin(step)
    if arguments is None:
        return
    start = time.perf_counter_ns()
    try:
        value = step.executable.call(**arguments)
    except (Exception, SystemExit) as error:
        raise line.fail(step, error) from error
    line.finish(step, value, time.perf_counter_ns() - start)


def _call_measured(line: Line, step: Step) -> None:
    start, cpu = time.perf_counter_ns(), time.thread_time_ns()
    _call(line, step)
    step.measured(max(time.perf_counter_ns() - start - (time.thread_time_ns() - cpu), 0))


class Readiness:
    """Counts down what each step waits for.

    Args:
        stage: the steps.
    """

    def __init__(self, stage: Stage) -> None:
        self._steps = {step.index: step for step in stage.steps}
        self._waiting = {step.index: len(step.dependencies) for step in stage.steps}

    def first(self) -> list[Step]:
        """Return the steps that wait for nothing."""
        return [step for step in self._steps.values() if not step.dependencies]

    def after(self, done: Step) -> list[Step]:
        """Return the steps that waited for `done` alone."""
        ready: list[Step] = []
        for index in done.followers:
            if index in self._waiting:
                self._waiting[index] -= 1
                if self._waiting[index] == 0:
                    ready.append(self._steps[index])
        return ready


def _run_pooled(line: Line, stage: Stage) -> None:
    readiness = Readiness(stage)
    ready = readiness.first()
    running: dict[Future[None], Step] = {}
    try:
        while ready or running:
            here = _choose_here(ready, running)
            for step in ready:
                if step is not here:
                    running[node_pool().submit(contextvars.copy_context().run, _call_measured, line, step)] = step
            ready = []
            if here is not None:
                _call_measured(line, here)
                ready = readiness.after(here)
            for future, step in _ended(line, running, may_wait=not ready):
                future.result()
                ready += readiness.after(step)
    finally:
        for future in running:
            future.cancel()


def _ended(line: Line, running: dict[Future[None], Step], *, may_wait: bool) -> list[tuple[Future[None], Step]]:
    """Take the futures that ended out of `running`, waiting for one where nothing else is to do.

    A node that no thread has begun for a while is run here: lines that wait for one another's threads would wait for ever.
    """
    if not running:
        return []
    done = wait(running, timeout=_PATIENCE_S if may_wait else 0, return_when=FIRST_COMPLETED).done
    if not done and may_wait:
        late = next((future for future in running if future.cancel()), None)
        if late is not None:
            step = running.pop(late)
            _call_measured(line, step)
            finished: Future[None] = Future()
            finished.set_result(None)
            return [(finished, step)]
        done = wait(running, return_when=FIRST_COMPLETED).done
    return [(future, running.pop(future)) for future in done]


def _choose_here(ready: list[Step], running: dict[Future[None], Step]) -> Step | None:
    """Return the step to run on this thread: one that does not block, else the only one there is."""
    for step in ready:
        if not step.blocks:
            return step
    return ready[-1] if ready and not running else None
