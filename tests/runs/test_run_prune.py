"""What a prune deletes, and above all what it does not."""

import os
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.flows.runs.local import LocalRuns
from flowyard.flows.runs.needs import RunNeeds, prunable, put_back, take_away
from flowyard.flows.runs.ports import RunRecord
from flowyard.flows.runs.prune import RunPruner
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.flows.runs.uploads import UploadStore
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.clock import now_ns, to_rfc3339
from flowyard.foundation.codecs import plain
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.wire.runs import RunCreate
from support.flow_folders import write_flow

DAY = 86_400 * 10**9
CALLER = Caller(workspace_id="w1", workspace="default", actor="ann", kind="user", role="owner")
PROMPT = """
inputs: {q: {type: string, default: a}}
outputs: {a: {type: string, reference: "${one.output}"}}
nodes:
- {name: one, type: prompt, source: {type: code, path: one.jinja2}, inputs: {q: "${inputs.q}"}}
"""


@dataclass
class Site:
    """An installation on the disk with its lists in memory."""

    root: Path
    records: dict[str, RunRecord] = field(default_factory=dict[str, RunRecord])
    assets: set[str] = field(default_factory=set[str])
    deployed: set[str] = field(default_factory=set[str])
    begun_ns: int | None = None

    def __post_init__(self) -> None:
        self.uploads, self.snapshots = UploadStore(self.root / "uploads"), SnapshotStore(self.root / "snapshots")
        places: Any = SimpleNamespace(root=self.root / "storage", uploads=self.uploads, snapshots=self.snapshots, data=self)
        service: Any = SimpleNamespace(changing=threading.Lock())
        self.pruner = RunPruner(self, service, places, self, self.root / "runs")  # type: ignore[arg-type]

    def all(self) -> list[RunRecord]:
        return list(self.records.values())

    def delete(self, run_id: str, audit: Any) -> None:
        del self.records[run_id]

    def references(self, workspace_id: str) -> set[str]:
        return self.assets if workspace_id == "w1" else set()

    def snapshots_in_use(self) -> tuple[set[str], int | None]:
        return self.deployed, self.begun_ns

    def made(self, kind: str, number: int, days: float) -> str:
        """Make an upload (of the first workspace) or a snapshot, last asked for so long ago."""
        digest = f"{number:064x}"
        folder = (self.root / "uploads" / "w1" if kind == "uploads" else self.root / "snapshots") / digest
        folder.mkdir(parents=True)
        (folder / "file").write_text("x" * 10)
        when = now_ns() - int(days * DAY)
        os.utime(folder, ns=(when, when))
        return digest

    def run(self, name: str, days: float, *, workspace: str = "w1", status: Any = "completed", **asked: Any) -> Path:
        ended = now_ns() - int(days * DAY)
        self.records[f"{workspace}-{name}"] = RunRecord(
            id=f"{workspace}-{name}",
            workspace_id=workspace,
            name=name,
            flow="f",
            created_ns=ended,
            created_by="ann",
            job_id="j",
            status=status,
            ended_ns=None if status == "running" else ended,
        )
        folder = self.root / "storage" / f"{workspace}-{name}"
        RunStore.create(folder, {"create": plain(RunCreate(**asked)), "snapshot": asked.get("snapshot", "")}).close()
        return folder

    def prune(self, days: float = 30, *, dry_run: bool = False) -> Any:
        return self.pruner.prune(CALLER, now_ns() - int(days * DAY), dry_run=dry_run)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_old_runs_go_with_what_only_they_needed(site: Site) -> None:
    old, kept = site.made("snapshots", 1, 90), site.made("snapshots", 2, 90)
    data, shared = site.made("uploads", 3, 90), site.made("uploads", 4, 90)
    site.run("old", 60, snapshot=old, data=f"upload:{data}/rows.jsonl")
    site.run("young", 3, snapshot=kept, data=f"upload:{shared}")
    site.run("older", 80, snapshot=kept, data=f"upload:{shared}")
    would = site.prune(dry_run=True)
    assert (would.runs, would.uploads, would.snapshots, would.dry_run) == (("old", "older"), (data,), (old,), True)
    assert len(site.records) == 3
    done = site.prune()
    assert replace(done, before="", dry_run=True) == replace(would, before="")
    assert done.bytes > 20
    assert list(site.records) == ["w1-young"]
    assert sorted(folder.name for folder in (site.root / "snapshots").iterdir()) == [kept]
    assert sorted(folder.name for folder in (site.root / "uploads" / "w1").iterdir()) == [shared]
    assert [folder.name for folder in (site.root / "storage").iterdir()] == ["w1-young"]
    assert site.prune().runs == ()


def test_what_anything_refers_to_stays(site: Site) -> None:
    for number in range(1, 7):
        site.made("snapshots", number, 90)
    digests = [f"{number:064x}" for number in range(8)]
    asset, upload = site.made("uploads", 7, 90), site.made("uploads", 8, 90)
    site.assets = {f"upload:{asset}"}
    site.deployed = {digests[1]}
    site.run("theirs", 90, workspace="w2", snapshot=digests[2])
    site.run("runs", 90, status="running", snapshot=digests[3])
    site.run("source", 90, snapshot=digests[4], data=f"upload:{upload}")
    site.run("taken-over", 80, resume_from="source")
    site.run("judged", 70, run="taken-over")
    site.run("judge", 1, run="judged")
    RunStore.create(site.root / "runs" / "local", {"create": plain(RunCreate()), "snapshot": digests[5]}).close()
    found = site.prune()
    assert (found.runs, found.uploads, found.snapshots) == ((), (), (digests[6],))


def test_a_deploy_that_takes_its_snapshot_itself_holds_what_was_asked_for_since(site: Site) -> None:
    before, since = site.made("snapshots", 1, 90), site.made("snapshots", 2, 50)
    site.begun_ns = now_ns() - 60 * DAY
    assert site.prune().snapshots == (before,)
    site.begun_ns = None
    assert site.prune().snapshots == (since,)


def test_what_cannot_be_read_holds_back_what_it_could_need(site: Site) -> None:
    site.made("snapshots", 1, 90)
    site.run("old", 60)
    damaged = site.run("damaged", 60, workspace="w2") / FILE
    damaged.write_bytes(b"no database, this is" * 100)
    found = site.prune()
    assert (found.runs, found.snapshots, found.unreadable_runs, found.held_back) == (("old",), (), (), True)
    site.run("old", 60)
    mine = site.run("mine", 60) / FILE
    mine.write_bytes(b"no database, this is" * 100)
    found = site.prune()
    assert (found.runs, found.snapshots, found.unreadable_runs, found.held_back) == ((), (), ("mine",), True)


def test_what_is_asked_for_meanwhile_stays(site: Site) -> None:
    digest = site.made("snapshots", 1, 90)
    folder = site.root / "snapshots" / digest
    limit = now_ns() - DAY
    assert site.snapshots.folder(digest) == folder
    assert not take_away(folder, limit)
    assert folder.is_dir()
    upload = site.made("uploads", 2, 90)
    assert site.uploads.path("w1", f"upload:{upload}").is_file()
    assert site.prune().uploads == ()
    # a prune that was killed between its two steps
    folder.rename(folder.with_name(f".gone-{digest}"))
    put_back(folder.parent, limit)
    assert folder.is_dir()


def test_only_what_is_older_than_an_hour(site: Site) -> None:
    with pytest.raises(InvalidInputError, match="older than an hour"):
        site.prune(0.01)


_NAMES = ["a", "b", "c", "d", "e", "f"]
_RUNS = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.booleans(), st.integers(1, 60), st.sets(st.sampled_from(_NAMES), max_size=2)),
    unique_by=lambda it: it[0],
)


@given(_RUNS)
def test_no_run_that_stays_was_made_from_one_that_goes(drawn: list[tuple[str, bool, int, set[str]]]) -> None:
    runs = [RunNeeds(name=name, active=active, at_ns=-days * DAY, runs=frozenset(needs)) for name, active, days, needs in drawn]
    gone = {run.name for run in prunable(runs, -30 * DAY)}
    for run in runs:
        if run.active or run.at_ns >= -30 * DAY:
            assert run.name not in gone
        if run.name not in gone:
            assert not run.runs & gone
    # and as little stays as that allows
    needed = {name for run in runs if run.name not in gone for name in run.runs}
    assert all(run.name in needed for run in runs if run.name not in gone and not run.active and run.at_ns < -30 * DAY)


_ASKED = st.tuples(
    st.sampled_from(_NAMES), st.sampled_from(["w1", "w2"]), st.sampled_from(["completed", "failed", "running"]), st.sampled_from([1, 90]),
    st.integers(0, 4), st.integers(5, 8), st.sampled_from([None, *_NAMES]), st.sampled_from([None, *_NAMES]),
)  # fmt: skip


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(_ASKED, unique_by=lambda it: it[:2], max_size=6),
    st.sets(st.integers(0, 4), max_size=2),
    st.sets(st.integers(5, 8), max_size=2),
)
def test_nothing_that_is_needed_is_ever_deleted(
    tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[Any, ...]], deployed: set[int], assets: set[int]
) -> None:
    site = Site(tmp_path_factory.mktemp("site"))
    snapshots = [site.made("snapshots", number, 90) for number in range(5)]
    uploads = {number: site.made("uploads", number, 90) for number in range(5, 9)}
    site.deployed, site.assets = {snapshots[number] for number in deployed}, {f"upload:{uploads[number]}" for number in assets}
    for name, workspace, status, days, snapshot, upload, run, resumed in asked:
        given_data = {"data": f"upload:{uploads[upload]}"} if workspace == "w1" else {}
        site.run(name, days, workspace=workspace, status=status, snapshot=snapshots[snapshot], run=run, resume_from=resumed, **given_data)
    site.prune()
    left = {(it[1], it[0]): it for it in asked if f"{it[1]}-{it[0]}" in site.records}
    for name, workspace, status, days, snapshot, upload, run, resumed in asked:
        if workspace == "w2" or status == "running" or days == 1:
            assert (workspace, name) in left
        if (workspace, name) not in left:
            continue
        assert (site.root / "storage" / f"{workspace}-{name}" / FILE).is_file()
        assert site.snapshots.folder(snapshots[snapshot]).is_dir()
        if workspace == "w1":
            assert site.uploads.path("w1", f"upload:{uploads[upload]}").is_file()
            there = {it[0] for it in asked if it[1] == "w1"}
            assert all(("w1", needed) in left for needed in (run, resumed) if needed in there)
    assert all(site.snapshots.folder(snapshots[number]).is_dir() for number in deployed)
    assert all(site.uploads.path("w1", f"upload:{uploads[number]}").is_file() for number in assets)


def test_runs_of_this_machine(tmp_path: Path) -> None:
    runs = LocalRuns(tmp_path / "home")
    flow = write_flow(tmp_path, PROMPT, one__jinja2="{{q}}")
    data = tmp_path / "rows.jsonl"
    data.write_text('{"q": "a"}\n')
    for name, request in {
        "source": RunCreate(name="source", flow=str(flow), data=str(data)),
        "old": RunCreate(name="old", flow=str(flow), data=str(data)),
        "judge": RunCreate(name="judge", flow=str(flow), run="source"),
    }.items():
        runs.create(request)
        when = to_rfc3339(now_ns() - (1 if name == "judge" else 60) * DAY)
        with RunStore(runs.folder(name), write=True) as store:
            store.set_facts(status="completed", created_at=when, ended_at=when)
    assert runs.prune("30d", dry_run=True).runs == ("old",)
    assert {run.name for run in runs.list()} == {"source", "old", "judge"}
    assert runs.prune("30d").runs == ("old",)
    assert {run.name for run in runs.list()} == {"source", "judge"}
    with pytest.raises(InvalidInputError):
        runs.prune("1s")
    with pytest.raises(InvalidInputError):
        runs.prune("soon")
