"""Carries steps out: a process for each group of them, over files of JSON lines in a folder that is removed afterwards."""

import os
import selectors
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from flowyard.compute.processes.isolated import Confines, popen_isolated
from flowyard.compute.processes.users import FlowUser
from flowyard.data.transforms.errors import TransformStoppedError
from flowyard.data.transforms.model import Drop, NumberedStep, Said, Segment, SegmentKind, Task, segments
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.foundation.errors import FlowyardError, RemoteError
from flowyard.wire.transforms import OnError, TransformStepResult

_OURS, _CODE = "flowyard.data.transforms.child", "flowyard.data.transforms.code_child"
_LOOK_S = 0.2
#: Each step begins a file, and none takes so long.
STALE_S = 24 * 3600
_LOG_BYTES = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done.

    Attributes:
        source: the file or folder of the data.
        inputs: those of further tables, by name.
        code: the folder with the code of Python steps.
        python: its interpreter; None: this one.
        user: whom the processes run as; None: us.
        rows: take so many rows of the source at most; None: all.
        preview: keep the rows of the source with the rows, and tell of each that is dropped.
        memory_mib: for each process.
        timeout_s: how long one step may take.
    """

    steps: tuple[NumberedStep, ...]
    source: Path
    inputs: dict[str, Path] = field(default_factory=dict[str, Path])
    code: Path | None = None
    python: str | None = None
    user: FlowUser | None = None
    on_error: OnError = "fail"
    rows: int | None = None
    preview: bool = False
    memory_mib: int = 1024
    timeout_s: float = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Whoever waits: is told how far a step is (its number and kind, rows taken) and what is logged, and may end it by raising."""

    progress: Callable[[str, int], None]
    log: Callable[[str], None]
    check: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done: the file of the rows, what each step did (reading is the first), and the rows that were dropped, where told."""

    file: Path
    steps: tuple[TransformStepResult, ...]
    drops: tuple[Drop, ...]


def carry_out(work: Work, scratch: Path, watch: Watch) -> Outcome:
    """Carry all steps out in the folder `scratch`, which is there and empty. Blocks.

    Raises:
        TransformRowError, TransformCodeError, TransformStoppedError, DataError, RowError: a step failed.
        FlowyardError: what `watch` raises.
    """
    groups = _groups(work)
    inputs = {name: _table(path, scratch / f"input-{index}.jsonl", work, watch) for index, (name, path) in enumerate(work.inputs.items())}
    source, results, drops = work.source, list[TransformStepResult](), list[Drop]()
    for index, group in enumerate(groups):
        target = scratch / f"{index}.jsonl"
        task = Task(
            kind=group.kind,
            steps=group.steps,
            source=str(source),
            target=str(target),
            original=index == 0,
            keep_row=work.preview or index < len(groups) - 1,
            inputs={name: str(path) for name, path in inputs.items()} if group.kind == "sql" else {},
            code=str(work.code) if work.code is not None else None,
            on_error=work.on_error,
            limit=work.rows if index == 0 else None,
            trace=work.preview,
            memory_mib=work.memory_mib,
            scratch=str(scratch),
        )
        said = run_process(task, work, watch)
        results += said.steps or ()
        drops += said.drops
        if index:
            source.unlink()
        source = target
    return Outcome(file=source, steps=tuple(results), drops=tuple(drops))


def sweep(scratch: Path) -> None:
    """Remove the folders in `scratch` of work that was killed and never gone on with: nothing was written there for `STALE_S`."""
    for folder in scratch.iterdir() if scratch.is_dir() else ():
        with suppress(FileNotFoundError):  # another process does the same
            if time.time() - folder.stat().st_mtime > STALE_S:
                shutil.rmtree(folder, ignore_errors=True)


def _groups(work: Work) -> list[Segment]:
    """Return the groups of steps; what does not read all kinds of data itself has a group without steps before it, which does."""
    found = segments(work.steps)
    if not found or not (found[0].kind == "rows" or (found[0].kind == "sql" and work.source.suffix.lower() == ".parquet")):
        found.insert(0, Segment(kind="rows", steps=()))
    return found


def _table(path: Path, target: Path, work: Work, watch: Watch) -> Path:
    """Return a file that SQL reads: of Parquet itself, of other data its rows."""
    if path.suffix.lower() == ".parquet":
        return path
    kind: SegmentKind = "rows"
    task = Task(kind=kind, steps=(), source=str(path), target=str(target), original=True, keep_row=False, on_error=work.on_error)
    run_process(replace(task, memory_mib=work.memory_mib), work, watch)
    return target


def run_process(task: Task, work: Work, watch: Watch) -> Said:
    """Carry one task out in a process, and return what it said at its end.

    Raises:
        RemoteError: it said what is wrong.
        TransformStoppedError: it ended without a word, or took too long.
        FlowyardError: what `watch` raises; the process is ended then.
    """
    name = " + ".join(f"{step.number} {step.kind}" for step in task.steps) or "read"
    ours = task.kind != "python"
    command = [sys.executable if ours or work.python is None else work.python, "-P", "-m", _OURS if ours else _CODE]
    errors = Path(task.scratch or Path(task.target).parent) / "stderr"
    confines = Confines(folder=errors.parent, user=work.user, environment={"PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"})
    with errors.open("wb") as stderr:
        process = popen_isolated(command, confines, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr)
    with process:
        try:
            said = _talk(process, task, watch, name, time.monotonic() + work.timeout_s)
        finally:
            process.kill()
            _logged(errors, watch)
    if said is None:
        raise TransformStoppedError(
            f"The process of step {name} ended without a word (exit code {process.returncode}).",
            remedy="It may have taken too much memory or processor time; its last lines are in the job's log.",
        )
    if said.problem is not None:
        raise RemoteError(said.problem)
    return said


def _talk(process: "subprocess.Popen[bytes]", task: Task, watch: Watch, name: str, until: float) -> Said | None:
    out, back = process.stdin, process.stdout
    if out is None or back is None:
        raise RuntimeError("a process without pipes")
    try:
        out.write(to_json(plain(task)))
        out.close()
    except BrokenPipeError:
        return None
    last: Said | None = None
    for line in _lines(back, watch, until):
        said = decode(line, Said)
        if said.progress is not None:
            watch.progress(name, said.progress)
        elif said.log is not None:
            watch.log(said.log)
        else:
            last = said
    return last


def _lines(pipe: IO[bytes], watch: Watch, until: float) -> Iterator[bytes]:
    """Yield the lines of a pipe as they come, and look meanwhile whether it is to go on."""
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            watch.check()
            if time.monotonic() > until:
                raise TransformStoppedError("A step took too long.", remedy="Take fewer rows, or filter them before it.")
            if not selector.select(_LOOK_S):
                continue
            part = os.read(pipe.fileno(), 1 << 16)
            if not part:
                return
            *lines, rest = (rest + part).split(b"\n")
            yield from (line for line in lines if line)


def _logged(errors: Path, watch: Watch) -> None:
    """Tell what a process wrote to its standard error, the end of it."""
    with open_plain(errors) as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - _LOG_BYTES))
        for line in file.read().decode("utf-8", "replace").splitlines():
            watch.log(line[:1000])
    errors.unlink(missing_ok=True)


@contextmanager
def open_plain(path: Path) -> Generator[IO[bytes]]:
    """Open a file that a step's process wrote: a file, and no link to one that the process itself could not read.

    Raises:
        FlowyardError: it is none.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise FlowyardError(f"What a step wrote cannot be read: {error.strerror}.", remedy="Run it again.") from error
    with os.fdopen(handle, "rb") as file:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
            raise FlowyardError("What a step wrote is no plain file.", remedy="Its code must leave the files of the transform alone.")
        yield file
