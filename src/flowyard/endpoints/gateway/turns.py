"""Turns of a conversation are withheld alike: a later one repeats what an earlier one read of documents with access tags."""

import asyncio
import logging
from collections.abc import Callable

from flowyard.tracing.guarding import TraceGuards
from flowyard.tracing.model import SpanRecord

logger = logging.getLogger(__name__)

_AGAIN_S = 1.0


class Turns:
    """Tells the guards of traces of which conversation a request is a turn, and which call it repeats.

    Args:
        guards: keep which traces read what; None: nobody does.
    """

    def __init__(self, guards: TraceGuards | None) -> None:
        self._guards = guards
        self._later: set[asyncio.Task[None]] = set()

    async def join(self, record: SpanRecord) -> None:
        """Let a request count as having read what its conversation read so far, and the conversation what the request did.

        `record` is the request's span. Returns when it is kept. Where the database does not answer, no trace shows either: the
        request goes on, and it is told once the database is back.
        """
        guards, before = self._guards, record.attributes.get("flowyard.replay.trace_id")
        if guards is None or (record.session_id is None and before is None):
            return

        def tell() -> None:
            if before is not None:
                guards.hand_on(record.workspace_id, [(before, record.trace_id)])
            if record.session_id is not None:
                guards.converse(record.workspace_id, record.trace_id, f"session.id:{record.session_id}")

        if not await _told(tell):
            task = asyncio.create_task(_tell_later(tell))
            self._later.add(task)
            task.add_done_callback(self._later.discard)


async def _told(tell: Callable[[], None]) -> bool:
    try:
        await asyncio.to_thread(tell)
    except Exception:  # whatever the database raises
        logger.exception("What the turns of a conversation read could not be kept; trying again.")
        return False
    return True


async def _tell_later(tell: Callable[[], None]) -> None:
    told = False
    while not told:
        await asyncio.sleep(_AGAIN_S)
        told = await _told(tell)
