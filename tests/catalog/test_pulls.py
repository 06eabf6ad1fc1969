"""Pulls: what is there after each kind of failure, and that only what is whole counts."""

import multiprocessing
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from flowyard.catalog.errors import (
    DiskFullError,
    ModelInUseError,
    ModelNotPulledError,
    ModelUnknownError,
    SourceFailedError,
    StoreNotWritableError,
    WrongHashError,
)
from flowyard.catalog.pull import STAGES
from flowyard.catalog.service import Catalog
from flowyard.catalog.store import ModelStore


class Reporter:
    """Keeps what a pull tells; `at` is called with each progress."""

    def __init__(self, at: Any = None) -> None:
        self.stages: list[str] = []
        self.details: list[str] = []
        self.canceled = False
        self._at = at

    def stage(self, name: str) -> AbstractContextManager[Any]:
        self.stages.append(name)
        return nullcontext(self)

    def progress(self, done: int, total: int | None = None, unit: str | None = None) -> None:
        if self._at:
            self._at(self, done)

    def detail(self, text: str) -> None:
        self.details.append(text)

    def check_canceled(self) -> None:
        if self.canceled:
            raise InterruptedError


def store_of(tmp_path: Path) -> list[str]:
    return sorted(str(path.relative_to(tmp_path / "models")) for path in (tmp_path / "models").rglob("*") if ".locks" not in path.parts)


@pytest.fixture
def catalog(tmp_path: Path, files: Any, make_card: Any) -> Catalog:
    return Catalog(tmp_path / "models", cards={"tiny": make_card(model=[f"{files.url}/model.bin"])})


def test_a_pull(catalog: Catalog, tmp_path: Path, content: bytes) -> None:
    assert catalog.get("tiny").state == "not_pulled"
    with pytest.raises(ModelNotPulledError, match="flowyard model pull tiny"):
        catalog.folder("tiny")
    reporter = Reporter()
    model = catalog.pull("tiny", reporter)
    assert reporter.stages == list(STAGES)
    assert (model.state, model.bytes_present, model.engine_state) == ("ready", len(content), "stopped")
    assert model.pulled_at
    assert store_of(tmp_path) == ["tiny", "tiny/manifest.json", "tiny/model.bin"]
    assert catalog.folder("tiny") == tmp_path / "models" / "tiny"
    assert catalog.engine("tiny", "s") == catalog.engine("tiny", "s")
    assert catalog.engine("tiny", "s").key != catalog.engine("tiny", "t").key


def test_a_model_that_is_here_is_not_fetched_again(catalog: Catalog, files: Any) -> None:
    pulled = catalog.pull("tiny").pulled_at
    assert catalog.pull("tiny").pulled_at == pulled
    assert len(files.asked) == 1


def test_a_copied_folder_is_checked_and_taken(catalog: Catalog, files: Any, tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / "models" / "tiny"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(content)
    assert catalog.get("tiny").state == "not_pulled"
    assert catalog.pull("tiny").state == "ready"
    assert files.asked == []


def test_the_next_source_is_asked(files: Any, tmp_path: Path, make_card: Any) -> None:
    card = make_card(model=["file:///no/such/file", f"{files.url}/absent", f"{files.url}/model.bin"])
    assert Catalog(tmp_path / "models", cards={"tiny": card}).pull("tiny").state == "ready"


def test_no_source_tells_all_that_was_tried(files: Any, tmp_path: Path, make_card: Any) -> None:
    card = make_card(model=["file:///no/such/file", f"{files.url}/absent"])
    with pytest.raises(SourceFailedError) as caught:
        Catalog(tmp_path / "models", cards={"tiny": card}).pull("tiny")
    assert "/no/such/file" in str(caught.value)
    assert "127.0.0.1" in str(caught.value)
    assert caught.value.remedy


def test_a_cut_pull_counts_for_nothing_and_resumes(catalog: Catalog, files: Any, content: bytes) -> None:
    def cancel(reporter: Reporter, done: int) -> None:
        reporter.canceled = done > 0

    with pytest.raises(InterruptedError):
        catalog.pull("tiny", Reporter(cancel))
    cut = catalog.get("tiny")
    assert cut.state == "not_pulled"
    assert 0 < cut.bytes_present < len(content)
    assert catalog.pull("tiny").state == "ready"
    assert files.asked[-1][1], "it asked for the rest only"


def test_a_wrong_file_is_deleted_and_told(catalog: Catalog, files: Any, tmp_path: Path, content: bytes) -> None:
    files.content["/model.bin"] = content[:-1] + b"x"
    with pytest.raises(WrongHashError, match=r"expected SHA-256 .* got .*It was deleted") as caught:
        catalog.pull("tiny")
    assert caught.value.remedy
    assert [path for path in store_of(tmp_path) if path.endswith((".bin", ".part", ".json"))] == []
    files.content["/model.bin"] = content
    assert catalog.pull("tiny").state == "ready"


def test_a_wrong_file_makes_the_next_source_be_asked(files: Any, tmp_path: Path, make_card: Any, content: bytes) -> None:
    files.content = {"/bad": b"x" * 99, "/good": content, "/other": content}
    card = make_card(other=[f"{files.url}/other"], model=[f"{files.url}/bad", f"{files.url}/good"])
    assert Catalog(tmp_path / "models", cards={"tiny": card}).pull("tiny").state == "ready"


@pytest.mark.parametrize("honest", [True, False])
def test_a_full_disk_leaves_nothing(files: Any, tmp_path: Path, make_card: Any, full_disk: Any, honest: bool) -> None:
    cards = {"tiny": make_card(model=[f"{files.url}/model.bin"])}
    with pytest.raises(DiskFullError) as caught:
        Catalog(tmp_path / "models", cards=cards, disk=full_disk(300_000, honest=honest)).pull("tiny")
    assert "FLOWYARD_HOME" in str(caught.value)
    assert [path for path in store_of(tmp_path) if path != "tiny"] == []
    assert Catalog(tmp_path / "models", cards=cards).pull("tiny").state == "ready"


def test_a_store_that_cannot_be_written(files: Any, tmp_path: Path, make_card: Any) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(StoreNotWritableError, match="models") as caught:
        Catalog(tmp_path / "models" / "x", cards={"tiny": make_card(model=[f"{files.url}/model.bin"])}).pull("tiny")
    assert caught.value.exit_code == 2


def test_damage_is_found_and_mended(catalog: Catalog, tmp_path: Path, files: Any) -> None:
    catalog.pull("tiny")
    assert catalog.verify("tiny").state == "ready"
    path = tmp_path / "models" / "tiny" / "model.bin"
    with path.open("r+b") as handle:
        handle.write(b"zzzz")
    assert catalog.get("tiny").state == "ready", "sizes are looked at, contents are not"
    assert catalog.verify("tiny").state == "damaged"
    with pytest.raises(ModelNotPulledError, match="is damaged"):
        catalog.folder("tiny")
    assert catalog.pull("tiny").state == "ready"
    assert catalog.verify("tiny").state == "ready"
    path.unlink()
    assert catalog.get("tiny").state == "damaged"
    assert catalog.pull("tiny").state == "ready"


def test_remove(catalog: Catalog, tmp_path: Path) -> None:
    catalog.pull("tiny")
    assert catalog.remove("tiny").state == "not_pulled"
    assert store_of(tmp_path) == []
    assert catalog.remove("tiny").state == "not_pulled"
    with pytest.raises(ModelNotPulledError):
        catalog.verify("tiny")


def test_unknown_models_name_the_nearest(catalog: Catalog) -> None:
    for call in (catalog.get, catalog.pull, catalog.remove, catalog.verify, catalog.folder):
        with pytest.raises(ModelUnknownError, match="Did you mean 'tiny'"):
            call("tinny")


def test_two_pulls_at_once_fetch_once(catalog: Catalog, files: Any) -> None:
    started, go_on = threading.Event(), threading.Event()

    def hold(reporter: Reporter, done: int) -> None:
        started.set()
        go_on.wait(10)

    threads = [threading.Thread(target=catalog.pull, args=("tiny", Reporter(hold)))]
    threads[0].start()
    assert started.wait(10)
    assert catalog.get("tiny").state == "pulling"
    for call in (catalog.remove, catalog.verify):
        with pytest.raises(ModelInUseError):
            call("tiny")
    second = Reporter()
    threads.append(threading.Thread(target=catalog.pull, args=("tiny", second)))
    threads[1].start()
    while not second.details:
        time.sleep(0.01)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert "another pull of this model is running" in second.details
    assert len(files.asked) == 1
    assert catalog.get("tiny").state == "ready"


def _hold_lock(folder: str, held: Any) -> None:
    with ModelStore(Path(folder)).locked("tiny", waiting=lambda: None):
        held.set()
        time.sleep(60)


@pytest.mark.integration
def test_a_killed_pull_leaves_no_lock(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    held = context.Event()
    other = context.Process(target=_hold_lock, args=(str(tmp_path), held))
    other.start()
    assert held.wait(30)
    store = ModelStore(tmp_path)
    assert store.is_locked("tiny")
    other.kill()
    other.join()
    assert not store.is_locked("tiny")
