"""Telling those who look at a flow's folder when its files change, whoever changed them.

The disk is asked a few times a second, which works on every file system and behind several server processes. One look serves all who follow
a flow, and nobody looks while nobody follows. A look that costs more is made less often: it never takes more than a tenth of a core.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from flowyard.flows.authoring import etag
from flowyard.flows.folders import flow_files
from flowyard.wire.flows import FlowFile

_LOOK_S = 0.25
_SHARE = 10


class Listing:
    """The files of one folder with their versions; a file is read again only when its size or time of change is another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[str, tuple[tuple[int, int, int], FlowFile]] = {}

    def read(self) -> tuple[FlowFile, ...]:
        """Return the folder's files as they are now, by path; one that goes away meanwhile, or cannot be read, is left out. Blocks."""
        seen: dict[str, tuple[tuple[int, int, int], FlowFile]] = {}
        for path, file in flow_files(self._folder):
            try:
                state = file.stat()
                stamp = (state.st_size, state.st_mtime_ns, state.st_ino)
                before = self._seen.get(path)
                if before is not None and before[0] == stamp:
                    seen[path] = before
                else:
                    content = file.read_bytes()
                    seen[path] = (stamp, FlowFile(path=path, bytes=len(content), etag=etag(content)))
            except OSError:
                continue
        self._seen = seen
        return tuple(found for _, found in seen.values())


class _Look:
    """Looks at one folder for all who follow it."""

    def __init__(self, folder: Path) -> None:
        self.followers = 0
        self.files: tuple[FlowFile, ...] | None = None
        self.is_gone = False
        self._folder = folder
        self._listing = Listing(folder)
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._run())

    async def change(self) -> None:
        """Return once something changed."""
        await self._changed.wait()

    def stop(self) -> None:
        """Look no more."""
        self._task.cancel()

    async def _run(self) -> None:
        while not self.is_gone:
            began = time.monotonic()
            files = await asyncio.to_thread(self._listing.read)
            self.is_gone = not files and not self._folder.is_dir()
            if files != self.files or self.is_gone:
                self.files = files
                self._changed.set()
                self._changed = asyncio.Event()
            await asyncio.sleep(max(_LOOK_S, (time.monotonic() - began) * _SHARE))


class FlowWatch:
    """The folders that somebody follows, in one event loop."""

    def __init__(self) -> None:
        self._looks: dict[Path, _Look] = {}

    @property
    def folders(self) -> int:
        """How many folders are looked at."""
        return len(self._looks)

    async def follow(self, folder: Path) -> AsyncIterator[tuple[FlowFile, ...]]:
        """Yield the folder's files, at once and after every change, until the folder is gone."""
        look = self._looks.get(folder)
        if look is None or look.is_gone:
            look = self._looks[folder] = _Look(folder)
        look.followers += 1
        try:
            while not look.is_gone:
                shown = look.files
                if shown is not None:
                    yield shown
                if look.files is shown:
                    await look.change()
        finally:
            look.followers -= 1
            if look.followers == 0:
                look.stop()
                if self._looks.get(folder) is look:
                    del self._looks[folder]


__all__ = ["FlowWatch", "Listing"]
