"""The process that reads files: ``python -m flowyard.rag.cracking.child``; tasks come, and answers go, as lines of JSON."""

import os
import sys

from flowyard.compute.child import die_with
from flowyard.compute.limits import confine
from flowyard.foundation.codecs import decode, plain, to_json
from flowyard.rag.cracking.model import CrackAnswer, CrackLimits, CrackTask, Unreadable, UnreadableError
from flowyard.rag.cracking.reading import read

#: A process reads many files; each has its time from whoever waits for it.
_CPU_S = 24 * 3600


def _answer(task: CrackTask, limits: CrackLimits) -> CrackAnswer:
    try:
        return CrackAnswer(document=read(task, limits))
    except UnreadableError as error:
        return CrackAnswer(unreadable=Unreadable(key=task.key, why=error.why, message=error.message))
    except MemoryError:
        return CrackAnswer(unreadable=Unreadable(key=task.key, why="too_large", message="Reading the file took too much memory."))


def main() -> None:
    """Answer until the input ends."""
    die_with(os.getppid())
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    os.nice(5)
    limits = decode(sys.stdin.buffer.readline(), CrackLimits)
    confine(limits.memory_mib, _CPU_S)
    for line in sys.stdin.buffer:
        out.write(to_json(plain(_answer(decode(line, CrackTask), limits))) + b"\n")
        out.flush()
    os._exit(0)  # xberg's threads crash an interpreter that ends in order


if __name__ == "__main__":
    main()
