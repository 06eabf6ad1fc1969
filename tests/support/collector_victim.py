"""A process that takes OTLP in until it is killed, and prints the number of each request that is acknowledged.

Arguments: the spools' folder, the workspace.
"""

import asyncio
import itertools
import sys
from pathlib import Path

from flowyard.tracing.frames import FrameKind
from flowyard.tracing.otlp.spools import OtlpSpools
from support.otlp import request


async def send(spools: OtlpSpools, numbers: "itertools.count[int]") -> None:
    while True:
        number = next(numbers)
        spans = ({"id": each, "trace": number, "attributes": {"text": "x" * 200}} for each in (1, 2, 3))
        await spools.put(sys.argv[2], FrameKind.OTLP_TRACES, request(*spans).SerializeToString())
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


async def main() -> None:
    spools, numbers = OtlpSpools(Path(sys.argv[1])), itertools.count(1)
    await asyncio.gather(*(send(spools, numbers) for _ in range(8)))


asyncio.run(main())
