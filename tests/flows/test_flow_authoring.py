"""Authoring folders and snapshots: versions, paths that stay inside, archives that do no harm."""

import io
import stat
import threading
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.flows import rules
from flowyard.flows.authoring import FILE_LIMIT, FlowStore, etag
from flowyard.flows.errors import (
    FileChangedError,
    FlowExistsError,
    FlowFileNotFoundError,
    FlowNotFoundError,
    TooLargeError,
    UnsafePathError,
)
from flowyard.flows.folders import digest, inside
from flowyard.flows.snapshots import SnapshotStore, pack
from flowyard.flows.templates import list_templates, template_files
from flowyard.foundation.errors import FlowyardError, InvalidInputError, NotFoundError


@pytest.fixture
def store(tmp_path: Path) -> FlowStore:
    return FlowStore(tmp_path / "workspaces")


@pytest.mark.parametrize("name", [template.name for template in list_templates()])
def test_every_template_is_a_valid_flow_without_warnings(store: FlowStore, name: str) -> None:
    made = store.create("default", "fresh", name)
    assert (made.errors, made.kind) == (0, name if name in {"flex", "prompty"} else "dag")
    assert made.purpose == next(template.purpose for template in list_templates() if template.name == name)
    assert made.description
    assert rules.validate(store.folder("default", "fresh"))[1] == ()


def test_flows_are_made_listed_and_deleted(store: FlowStore) -> None:
    assert store.list("default") == ()
    store.create("default", "b", "chat")
    store.create("default", "a", "standard")
    store.create("other", "c", "python")
    assert [flow.name for flow in store.list("default")] == ["a", "b"]
    assert store.get("default", "b").nodes == 1
    with pytest.raises(FlowExistsError):
        store.create("default", "a", "chat")
    store.delete("default", "a")
    assert [flow.name for flow in store.list("default")] == ["b"]
    with pytest.raises(FlowNotFoundError, match="'a'"):
        store.get("default", "a")
    with pytest.raises(FlowNotFoundError) as caught:
        store.create("default", "x", "standart")
    assert "'standard'" in caught.value.remedy


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("flow.dag.yaml", "description: Sorts mail\ninputs: {}\noutputs: {}\nnodes: []\n"),
        ("flow.flex.yaml", "description: Sorts mail\nentry: sort:sort\n"),
        ("sort.prompty", "---\ndescription: Sorts mail\nmodel: {api: chat}\n---\nuser:\nHello\n"),
    ],
)
def test_a_flow_is_listed_with_what_it_says_of_itself(store: FlowStore, file: str, text: str) -> None:
    store.add("default", "sort", {file: text.encode()})
    assert [flow.description for flow in store.list("default")] == ["Sorts mail"]


def test_flows_that_cannot_be_read_are_listed_all_the_same(store: FlowStore) -> None:
    store.add("default", "flex", {"flow.flex.yaml": b"entry: nothing:here\n"})
    store.add("default", "prompt", {"ask.prompty": b"no front matter"})
    store.add("default", "several", {"flow.flex.yaml": b"entry: a:b\n", "flow.dag.yaml": b"nodes: []\n"})
    store.add("default", "none", {"a.txt": b"x"})
    found = {flow.name: (flow.kind, flow.errors > 0) for flow in store.list("default")}
    assert found == {"flex": ("flex", True), "prompt": ("prompty", True), "several": ("dag", True), "none": ("dag", True)}


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", ".hidden", "a b", "x" * 101, "ä", "a\\b", "a\x00"])
def test_names_that_are_none(store: FlowStore, name: str) -> None:
    with pytest.raises(InvalidInputError):
        store.create("default", name, "python")
    with pytest.raises(FlowNotFoundError):
        store.get("default", name)


def test_files_are_written_by_version(store: FlowStore) -> None:
    store.create("default", "f", "python")
    before = store.read("default", "f", "split.py")
    assert before.etag == etag((before.content or "").encode())
    after = store.write("default", "f", "split.py", "new", expected=before.etag)
    assert store.read("default", "f", "split.py") == after
    with pytest.raises(FileChangedError) as caught:
        store.write("default", "f", "split.py", "newer", expected=before.etag)
    assert caught.value.extra["etag"] == after.etag
    with pytest.raises(FileChangedError):
        store.write("default", "f", "split.py", "x", expected=None, absent=True)
    made = store.write("default", "f", "prompts/deep/ask.jinja2", "hi", expected=None, absent=True)
    assert made.path in {file.path for file in store.files("default", "f")}
    with pytest.raises(FileChangedError):
        store.delete_file("default", "f", made.path, expected=before.etag)
    store.delete_file("default", "f", made.path, expected=made.etag)
    assert not (store.folder("default", "f") / "prompts").exists()
    with pytest.raises(FlowFileNotFoundError):
        store.read("default", "f", made.path)
    with pytest.raises(FileChangedError, match="no longer there"):
        store.write("default", "f", made.path, "x", expected=made.etag)


def test_of_two_writers_with_one_version_one_wins(store: FlowStore) -> None:
    store.create("default", "f", "python")
    version = store.read("default", "f", "split.py").etag
    outcomes: list[str] = []

    def write(text: str) -> None:
        try:
            store.write("default", "f", "split.py", text, expected=version)
            outcomes.append(text)
        except FileChangedError:
            outcomes.append("late")

    threads = [threading.Thread(target=write, args=(f"text {number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [outcome for outcome in outcomes if outcome != "late"]
    assert len(winners) == 1
    assert store.read("default", "f", "split.py").content == winners[0]


def test_limits_and_odd_files(store: FlowStore) -> None:
    store.create("default", "f", "python")
    with pytest.raises(TooLargeError):
        store.write("default", "f", "big", "x" * (FILE_LIMIT + 1), expected=None, absent=True)
    (store.folder("default", "f") / "image.png").write_bytes(b"\x89PNG\xff")
    assert store.read("default", "f", "image.png").content is None
    with pytest.raises(InvalidInputError, match="goes through a file"):
        store.write("default", "f", "split.py/inner", "x", expected=None, absent=True)
    store.write("default", "f", "d/x", "x", expected=None, absent=True)
    with pytest.raises(InvalidInputError, match="is a folder"):
        store.write("default", "f", "d", "x", expected=None, absent=True)


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "/etc/passwd",
        "a/../../x",
        "a//b",
        "./a",
        "a/.",
        "",
        "a\\..\\b",
        "a\x00b",
        "a\nb",
        ".git/config",
        "x/__pycache__/y",
        "é" * 300,
    ],
)
def test_paths_that_leave_the_folder(store: FlowStore, path: str) -> None:
    store.create("default", "f", "python")
    for call in (
        lambda: store.read("default", "f", path),
        lambda: store.write("default", "f", path, "x", expected=None),
        lambda: store.delete_file("default", "f", path, expected=None),
    ):
        with pytest.raises(UnsafePathError):
            call()


def test_links_are_not_followed(store: FlowStore, tmp_path: Path) -> None:
    store.create("default", "f", "python")
    folder = store.folder("default", "f")
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "way").symlink_to(tmp_path)
    for path in ("link", "way/secret"):
        with pytest.raises(UnsafePathError):
            store.read("default", "f", path)
        with pytest.raises(UnsafePathError):
            store.write("default", "f", path, "x", expected=None)
    assert "link" not in {file.path for file in store.files("default", "f")}
    assert (tmp_path / "secret").read_text() == "secret"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(path=st.text(alphabet=st.sampled_from("ab./\\\x00~ "), max_size=12))
def test_any_path_stays_inside_or_is_refused(tmp_path: Path, path: str) -> None:
    try:
        found = inside(tmp_path / "root", path)
    except UnsafePathError:
        return
    assert (tmp_path / "root") in found.resolve().parents


def test_the_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "a").write_text("1")
    first = digest(folder)
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "x.pyc").write_text("cache")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "big").write_text("x")
    assert digest(folder) == first
    (folder / "a").rename(folder / "b")
    assert digest(folder) != first


def test_snapshots(tmp_path: Path) -> None:
    authoring = FlowStore(tmp_path / "w")
    authoring.create("default", "f", "python")
    folder, snapshots = authoring.folder("default", "f"), SnapshotStore(tmp_path / "snapshots")
    taken = snapshots.take(folder)
    assert taken == snapshots.take(folder) == snapshots.receive(pack(folder))
    assert taken.digest == digest(folder) == digest(snapshots.folder(taken.digest))
    assert taken.files == len(template_files("python"))
    (folder / "split.py").write_text("changed")
    assert snapshots.take(folder).digest != taken.digest
    assert (snapshots.folder(taken.digest) / "split.py").read_text() != "changed"
    for bad in ("0" * 64, "..", "../" * 5, ""):
        with pytest.raises(NotFoundError):
            snapshots.folder(bad)
    assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == sorted({taken.digest, digest(folder)})


def archive(files: dict[str, bytes], link: str | None = None) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo(link)
            entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            made.writestr(entry, "/etc/passwd")
    return target.getvalue()


def test_a_folder_around_everything_is_taken_off(tmp_path: Path) -> None:
    snapshots = SnapshotStore(tmp_path)
    plain = snapshots.receive(archive({"flow.dag.yaml": b"x", "sub/a": b"y"}))
    assert snapshots.receive(archive({"my_flow/flow.dag.yaml": b"x", "my_flow/sub/a": b"y", "my_flow/__pycache__/z.pyc": b"z"})) == plain


@pytest.mark.parametrize(
    "data",
    [
        b"no zip",
        b"",
        archive({}),
        archive({"../evil": b"x"}),
        archive({"/etc/evil": b"x"}),
        archive({"a": b"x"}, link="link"),
        archive({"bomb": b"\0" * 2_000_000}),
        archive({"a": b"x"})[:-30],
    ],
    ids=["text", "empty", "no files", "up", "absolute", "link", "bomb", "cut"],
)
def test_archives_that_are_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(FlowyardError) as caught:
        SnapshotStore(tmp_path / "snapshots", limit=1_000_000).receive(data)
    assert caught.value.status in {413, 422}
    assert not (tmp_path / "evil").exists()
    assert not list((tmp_path / "snapshots").glob("*")) if (tmp_path / "snapshots").exists() else True
