"""Whoever follows a flow's folder is told of every change, and nobody looks while nobody follows."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from flowyard.flows.watching import FlowWatch, Listing
from flowyard.wire.flows import FlowFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "flow"
    made.mkdir()
    made.joinpath("flow.dag.yaml").write_text("nodes: []\n")
    return made


async def _next(files: AsyncIterator[tuple[FlowFile, ...]]) -> dict[str, int]:
    async with asyncio.timeout(30):
        return {file.path: file.bytes for file in await anext(files)}


def test_followers_are_told_of_changes_additions_and_deletions_until_the_flow_is_gone(folder: Path) -> None:
    async def follow() -> None:
        watch = FlowWatch()
        first, second = watch.follow(folder), watch.follow(folder)
        assert await _next(first) == await _next(second) == {"flow.dag.yaml": 10}
        assert watch.folders == 1
        folder.joinpath("flow.dag.yaml").write_text("nodes:\n")
        assert await _next(first) == await _next(second) == {"flow.dag.yaml": 7}
        folder.joinpath("a.py").write_text("x")
        assert await _next(first) == {"a.py": 1, "flow.dag.yaml": 7}
        await second.aclose()  # type: ignore[attr-defined]
        folder.joinpath("flow.dag.yaml").unlink()
        assert await _next(first) == {"a.py": 1}
        folder.joinpath("a.py").unlink()
        assert await _next(first) == {}
        folder.rmdir()
        assert [files async for files in first] == []
        assert watch.folders == 0

    asyncio.run(follow())


def test_nobody_looks_once_nobody_follows(folder: Path) -> None:
    async def follow() -> None:
        watch = FlowWatch()
        files = watch.follow(folder)
        await _next(files)
        await files.aclose()  # type: ignore[attr-defined]
        assert watch.folders == 0

    asyncio.run(follow())


def test_a_file_is_read_again_only_when_it_changed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = Path.read_bytes

    def reading(file: Path) -> bytes:
        read.append(file.name)
        return real(file)

    monkeypatch.setattr(Path, "read_bytes", reading)
    listing = Listing(folder)
    first = listing.read()
    assert listing.read() == first
    assert read == ["flow.dag.yaml"]
    folder.joinpath("b.txt").write_text("b")
    assert [file.path for file in listing.read()] == ["b.txt", "flow.dag.yaml"]
    assert read == ["flow.dag.yaml", "b.txt"]
