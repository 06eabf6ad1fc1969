"""Sources: what they bring, and how they go on after a cut."""

from pathlib import Path
from typing import Any

import pytest

from flowyard.catalog.errors import AddressInvalidError, DiskFullError, SourceFailedError
from flowyard.catalog.sources import source_of
from flowyard.catalog.sources.ports import Transfer, parse_address


def fetch(text: str, folder: Path, **fields: Any) -> bytes:
    address = parse_address(text)
    target = folder / "target.bin"
    source_of(address).fetch(address, target, Transfer(folder=folder, pause_s=0.01, **fields))
    return target.read_bytes()


def test_https_tells_its_progress(files: Any, content: bytes, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    assert fetch(f"{files.url}/model.bin", tmp_path, progress=lambda done, total: seen.append((done, total))) == content
    assert seen[0] == (0, len(content))
    assert seen[-1] == (len(content), len(content))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["target.bin"]


@pytest.mark.parametrize("ranges", [True, False])
def test_a_cut_connection_is_taken_up_again(files: Any, content: bytes, tmp_path: Path, ranges: bool) -> None:
    files.ranges, files.cut_after, files.cuts = ranges, 300_000, 2
    assert fetch(f"{files.url}/model.bin", tmp_path) == content
    asked = [given for _, given in files.asked]
    assert asked[0] is None
    assert len(asked) == 3
    assert all(given for given in asked[1:])


def test_the_next_pull_goes_on_where_the_last_one_stopped(files: Any, content: bytes, tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    seen = 0

    def stop() -> None:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise StopError

    with pytest.raises(StopError):
        fetch(f"{files.url}/model.bin", tmp_path, check_canceled=stop)
    part = (tmp_path / "target.bin.part").stat().st_size
    assert 0 < part < len(content)
    assert fetch(f"{files.url}/model.bin", tmp_path) == content
    assert files.asked[-1][1] == f"bytes={part}-"


def test_a_file_that_changed_meanwhile_starts_anew(files: Any, content: bytes, tmp_path: Path) -> None:
    (tmp_path / "target.bin.part").write_bytes(b"old" * 1000)
    (tmp_path / "target.bin.part.json").write_bytes(b'{"validator": "\\"zero\\""}')
    assert fetch(f"{files.url}/model.bin", tmp_path) == content


@pytest.mark.parametrize("extra", [b"", b"more"])
def test_a_part_that_is_whole_or_too_long(files: Any, content: bytes, tmp_path: Path, extra: bytes) -> None:
    (tmp_path / "target.bin.part").write_bytes(content + extra)
    assert fetch(f"{files.url}/model.bin", tmp_path) == content


def test_a_server_that_keeps_failing(files: Any, tmp_path: Path) -> None:
    files.status = 503
    with pytest.raises(SourceFailedError, match=r"127\.0\.0\.1/model\.bin cannot be downloaded: HTTP 503") as caught:
        fetch(f"{files.url}/model.bin", tmp_path)
    assert caught.value.remedy
    assert len(files.asked) == 4


@pytest.mark.parametrize(("status", "told"), [(404, "HTTP 404"), (403, "HTTP 403")])
def test_a_server_that_refuses_is_asked_once(files: Any, tmp_path: Path, status: int, told: str) -> None:
    files.status = status
    with pytest.raises(SourceFailedError, match=told):
        fetch(f"{files.url}/model.bin", tmp_path)
    assert len(files.asked) == 1


def test_nobody_there(tmp_path: Path) -> None:
    with pytest.raises(SourceFailedError, match="no connection"):
        fetch("http://127.0.0.1:9/model.bin", tmp_path)


def test_hugging_face_by_a_mirror(files: Any, content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files.content = {"/org/repo/resolve/abc/dir/a%20b.gguf": content}
    files.login = "Bearer token"
    monkeypatch.setenv("HF_ENDPOINT", f"{files.url}/")
    with pytest.raises(SourceFailedError, match="401") as caught:
        fetch("hf://org/repo@abc/dir/a b.gguf", tmp_path)
    assert "HF_TOKEN" in str(caught.value)
    monkeypatch.setenv("HF_TOKEN", "token")
    assert fetch("hf://org/repo@abc/dir/a b.gguf", tmp_path) == content


def test_files(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a b.bin").write_bytes(content)
    assert fetch(f"file://{tmp_path}/a%20b.bin", tmp_path) == content
    with pytest.raises(SourceFailedError, match="No such file"):
        fetch("file:///no/such/file", tmp_path)


@pytest.mark.parametrize("text", ["model.bin", "ftp://host/x", "pypi://package/member", "hf://org", "file://host/x", "https://x#sha256=1"])
def test_addresses_that_are_none(text: str, tmp_path: Path) -> None:
    with pytest.raises(AddressInvalidError) as caught:
        fetch(text, tmp_path)
    assert caught.value.remedy


@pytest.mark.parametrize("honest", [True, False])
@pytest.mark.parametrize("kind", ["http", "file"])
def test_a_full_disk(files: Any, content: bytes, tmp_path: Path, full_disk: Any, honest: bool, kind: str) -> None:
    source = tmp_path / "source.bin"
    source.write_bytes(content)
    address = f"{files.url}/model.bin" if kind == "http" else f"file://{source}"
    with pytest.raises(DiskFullError) as caught:
        fetch(address, tmp_path, disk=full_disk(300_000, honest=honest))
    assert caught.value.status == 507
    assert caught.value.extra["free"] >= 0
