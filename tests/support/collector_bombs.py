"""A process that sends a collector what is made to eat its memory, and prints for each what it answered and how far memory grew at most.

Argument: the spools' folder.
"""

import asyncio
import gc
import gzip
import json
import sys
import zlib
from pathlib import Path

from flowyard.server.collector.bodies import HELD_LIMIT, SENT_LIMIT, UNPACKED_LIMIT
from support.collector_asgi import CollectorApp
from support.otlp import request

JSON = {"content_type": "application/json"}
GZIP = {"content_encoding": "gzip"}


def field(number: int, data: bytes) -> bytes:
    """Return a field of protobuf that holds bytes."""
    size, sizes = len(data), bytearray()
    while size > 0x7F:
        sizes.append((size & 0x7F) | 0x80)
        size >>= 7
    return bytes([number << 3 | 2, *sizes, size]) + data


def zeros(size: int) -> bytes:
    """Return `size` zeros as gzip, without having them."""
    packing = zlib.compressobj(wbits=31)
    part = bytes(1024 * 1024)
    return b"".join([*(packing.compress(part) for _ in range(size // len(part))), packing.flush()])


def memory_mib(name: str) -> int:
    """Return a figure of this process's memory as the kernel has it: ``VmRSS`` is what it has, ``VmHWM`` the most since `forget`."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{name}:")[2].split()[0]) // 1024


def forget() -> int:
    """Let the kernel measure the most anew; return what there is, in MiB."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return memory_mib("VmRSS")


def bombs() -> dict[str, tuple[bytes, dict[str, str]]]:
    """Return bodies by their names, each with its headers."""
    pairs = (UNPACKED_LIMIT - 100) // 2
    spans = b'{"resourceSpans":[{"scopeSpans":[{"spans":[%s{}]}]}]}' % (b"{}," * (pairs // 2))
    return {
        "gzip of zeros": (zeros(16 * UNPACKED_LIMIT), GZIP),
        "gzip of gzips": (gzip.compress(b"") * (SENT_LIMIT // 20), GZIP),
        "empty spans": (gzip.compress(field(1, field(2, b"\x12\x00" * pairs))), GZIP),
        "empty resources": (gzip.compress(b"\x0a\x00" * pairs), GZIP),
        "empty spans in JSON": (
            gzip.compress(spans),
            JSON | GZIP,
        ),
        "empty lists in JSON": (gzip.compress(b'{"a":[' + b"[]," * (pairs // 2) + b"[]]}"), JSON | GZIP),
        "empty attributes": (gzip.compress(field(1, field(2, field(2, b"\x4a\x00" * pairs)))), GZIP),
    }


async def many(collector: CollectorApp) -> list[int]:
    """Send so many large requests at once that not all of them have room."""
    body = request({"id": 1, "attributes": {"text": "x" * (SENT_LIMIT - 200)}}).SerializeToString()
    answers = await asyncio.gather(*(collector.send("traces", body) for _ in range(2 * HELD_LIMIT // SENT_LIMIT)))
    return sorted({status for status, _ in answers})


def main() -> None:
    collector = CollectorApp(Path(sys.argv[1]))
    collector.post("traces", request({"id": 1}).SerializeToString())
    made = bombs()
    told: dict[str, dict[str, object]] = {}
    for name, (body, headers) in made.items():
        before = forget()
        told[name] = {"statuses": [collector.post("traces", body, **headers)[0]], "grown_mib": memory_mib("VmHWM") - before}
    before = forget()
    told["large ones at once"] = {"statuses": collector.run(many(collector)), "grown_mib": memory_mib("VmHWM") - before}
    collector.close()
    sys.stdout.write(json.dumps(told))


main()
