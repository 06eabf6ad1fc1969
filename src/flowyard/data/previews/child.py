"""The process that looks at files, and nothing else: ``python -m flowyard.data.previews.child``.

It is told on standard input what to look at. Files of this machine it opens itself; of others it asks for the bytes that it needs. Whoever
starts it limits its time and kills it.
"""

import os
import resource
import sys

import msgspec

from flowyard.compute.child import die_with
from flowyard.data.previews.protocol import Refused, Shown, Task, receive, send

_MIB = 1024 * 1024


def main() -> None:
    """Look at what standard input says."""
    data = receive(sys.stdin.buffer)
    if data is None:
        return
    task = msgspec.msgpack.decode(data, type=Task)
    die_with(os.getppid())
    os.nice(5)
    resource.setrlimit(resource.RLIMIT_CPU, (task.cpu_s, task.cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (3 * task.memory_mib * _MIB, 3 * task.memory_mib * _MIB))
    send(sys.stdout.buffer, msgspec.msgpack.encode(look(task)))


def look(task: Task) -> Shown | Refused:
    """Return the answer to a task, or why there is none."""
    try:
        if task.sample is not None:
            from flowyard.data.previews.statistics import statistics

            return Shown(statistics=statistics(task))
        from flowyard.data.previews.looking import preview

        return Shown(preview=preview(task))
    except MemoryError:
        return Refused("It takes too much memory.", "Look at fewer columns or rows, or at one file.", memory=True)
    except Exception as error:  # noqa: BLE001 (libraries raise whatever they like; the user is told)
        memory = type(error).__name__ == "OutOfMemoryException"
        return Refused("It takes too much memory." if memory else f"{type(error).__name__}: {str(error)[:1000]}", memory=memory)


if __name__ == "__main__":
    main()
