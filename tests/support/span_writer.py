"""A process that writes spans until it is killed, and says on standard output up to which one they are durable.

Arguments: spool folder, seed.
"""

import random
import sys
from pathlib import Path

from flowyard.tracing.spool import SpoolSink
from support.spans import make_span


def main() -> None:
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    sink = SpoolSink(folder, f"writer-{seed}", roll_bytes=20_000)
    number = 0
    while True:
        for _ in range(chance.randint(1, 40)):
            number += 1
            text = "x" * chance.randint(0, 2000)
            sink.emit(make_span(seed, number, workspace_id=f"w{number % 2 + 1}", attributes={"text": text}))
        sink.flush()
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


main()
