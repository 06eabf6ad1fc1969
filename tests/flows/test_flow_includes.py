"""``additional_includes``: in a copy for a run, in place in a snapshot, never beyond the root, never written to the user's folder."""

import io
import zipfile
from pathlib import Path

import pytest

from flowyard.flows import load_flow, rules
from flowyard.flows.authoring import FlowStore
from flowyard.flows.folders import digest, read_files
from flowyard.flows.includes import without_includes
from flowyard.flows.model import FlowOptions
from flowyard.flows.snapshots import SnapshotStore, pack
from support.flow_folders import ECHO, write_flow

DAG = """\
# what it is
inputs: {}
additional_includes:
- ../shared   # a folder
- ../words.txt
outputs: {o: {type: string, reference: '${n.output}'}}
nodes:
- {name: n, type: python, source: {type: code, path: shared/echo.py}, inputs: {x: 1}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shared" / "__pycache__").mkdir(parents=True)
    (tmp_path / "shared" / "echo.py").write_text(ECHO)
    (tmp_path / "shared" / "__pycache__" / "x.pyc").write_text("x")
    (tmp_path / "words.txt").write_text("words")
    return write_flow(tmp_path / "flow", DAG)


def test_a_run_sees_them_and_the_folder_stays_as_it_is(folder: Path) -> None:
    before = sorted(folder.rglob("*"))
    flow = load_flow(folder)
    assert flow() == {"o": 1}
    assert flow.spec.folder != folder
    assert sorted(file.name for file in flow.spec.folder.iterdir()) == ["flow.dag.yaml", "shared", "words.txt"]
    assert sorted(folder.rglob("*")) == before
    assert load_flow(folder).spec.folder == flow.spec.folder
    (folder.parent / "shared" / "echo.py").write_text(ECHO.replace("return x", "return x + 1"))
    assert load_flow(folder)() == {"o": 2}


def test_a_snapshot_has_them_in_place(folder: Path, tmp_path: Path) -> None:
    store = SnapshotStore(tmp_path / "snapshots")
    taken = store.take(folder)
    kept = store.folder(taken.digest)
    assert sorted(file.relative_to(kept).as_posix() for file in kept.rglob("*") if file.is_file()) == [
        "flow.dag.yaml",
        "shared/echo.py",
        "words.txt",
    ]
    text = (kept / "flow.dag.yaml").read_text()
    assert "additional_includes" not in text
    assert text.startswith("# what it is\ninputs: {}\noutputs:")
    assert load_flow(kept)() == {"o": 1}
    assert digest(folder) == taken.digest
    assert store.receive(pack(folder)).digest == taken.digest


def test_a_root_keeps_what_lies_elsewhere_out(folder: Path, tmp_path: Path) -> None:
    assert rules.load_valid(folder, FlowOptions(root=tmp_path)).nodes
    _, findings = rules.validate(folder, FlowOptions(root=folder))
    assert [(finding.code, finding.line) for finding in findings if finding.severity == "error"] == [
        ("AdditionalIncludeOutside", 4),
        ("AdditionalIncludeOutside", 5),
        ("InvalidSource", 8),
    ]
    assert "additional_includes" in read_files(folder, folder)["flow.dag.yaml"].decode()
    assert set(read_files(folder, folder)) == {"flow.dag.yaml"}


@pytest.mark.parametrize("include", ["/etc/hostname", "../../../../../../../../etc/hostname", "../link"])
def test_no_include_leaves_the_workspace(tmp_path: Path, include: str) -> None:
    store = FlowStore(tmp_path / "workspaces")
    made = store.create("default", "mine", "python")
    assert made.errors == 0
    home = store.folder("default", "mine")
    (home.parent / "link").symlink_to("/etc")
    file = store.read("default", "mine", "flow.dag.yaml")
    store.write("default", "mine", "flow.dag.yaml", f"additional_includes: [{include}]\n{file.content}", expected=None)
    assert store.get("default", "mine").errors == 1
    assert set(read_files(home, home.parent)) == {path.path for path in store.files("default", "mine")}


def test_flows_of_a_workspace_share_files(tmp_path: Path) -> None:
    store = FlowStore(tmp_path / "workspaces")
    store.create("default", "mine", "python")
    store.create("default", "other", "python")
    file = store.read("default", "mine", "flow.dag.yaml")
    before = store.get("default", "mine").digest
    store.write("default", "mine", "flow.dag.yaml", f"additional_includes: [../other]\n{file.content}", expected=None)
    assert store.get("default", "mine").errors == 0
    assert store.get("default", "mine").digest != before
    changed = store.get("default", "mine").digest
    store.write("default", "other", "new.txt", "x", expected=None)
    assert store.get("default", "mine").digest != changed


def test_a_conflict_is_told_and_the_include_wins(folder: Path) -> None:
    (folder / "words.txt").write_text("own")
    flow, findings = rules.validate(folder)
    assert flow is not None
    assert [(finding.code, finding.severity, finding.line) for finding in findings] == [("AdditionalIncludeConflict", "warning", 5)]
    assert (flow.folder / "words.txt").read_text() == "words"
    assert (folder / "words.txt").read_text() == "own"


def test_a_folder_as_an_archive(tmp_path: Path) -> None:
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "a.txt").write_text("a")
    folder = write_flow(tmp_path / "flow", "additional_includes: [../data.zip]\nnodes: []\n")
    files = read_files(folder)
    with zipfile.ZipFile(io.BytesIO(files["data.zip"])) as archive:
        assert archive.namelist() == ["data/", "data/deep/a.txt"]
    assert read_files(folder) == files


def test_the_key_leaves_every_style_of_yaml() -> None:
    assert without_includes("a: 1\nadditional_includes: [x]\n") == "a: 1\n"
    assert without_includes("additional_includes:\n- x\n- y\nb: 2\n") == "b: 2\n"
    assert without_includes("{a: 1, additional_includes: [x]}\n") == "a: 1\n"
    assert without_includes("a: 1\n") == "a: 1\n"
