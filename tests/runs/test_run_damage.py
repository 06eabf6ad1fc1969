"""A run's file that is cut, overwritten or rotten: whatever is asked of it, the answer is a run or an error that says so."""

import io
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from flowyard.flows.runs.errors import RunDamagedError
from flowyard.flows.runs.export import ExportFormat
from flowyard.flows.runs.local import LocalMeans, LocalRuns
from flowyard.flows.runs.report import report
from flowyard.flows.runs.store import FILE, RunStore
from flowyard.foundation.errors import FlowyardError
from flowyard.wire.runs import RunCreate, RunUpdate
from support.flow_folders import python_node, write_flow
from support.runs import write_rows

TOOL = "from promptflow.core import tool, log_metric\n\n@tool\n"
DAG = {
    "inputs": {"x": {"type": "int"}},
    "outputs": {"y": {"type": "int", "reference": "${double}"}},
    "nodes": [python_node("double", x="${inputs.x}"), {**python_node("count", values="${double}"), "aggregation": True}],
}
SEEDS = range(25)


def means() -> LocalMeans:
    return LocalMeans(connections={}, gateway=None, check_canceled=lambda: None, progress=lambda counts: None, tell=lambda line: None)


@dataclass(frozen=True)
class Place:
    runs: LocalRuns
    home: Path
    flow: Path
    data: Path

    @property
    def folder(self) -> Path:
        return self.home / "runs" / "first"

    def looks(self) -> list[Callable[[], object]]:
        """What can be asked of the run that changes nothing but words about it."""
        runs = self.runs
        forms: tuple[ExportFormat, ...] = ("jsonl", "csv", "parquet")
        return [
            lambda: runs.get("first"),
            lambda: list(runs.lines("first")),
            lambda: list(runs.lines("first", text="9", sort="-outputs.y")),
            lambda: [runs.line("first", line) for line in range(0, 120, 7)],
            lambda: runs.metrics("first"),
            lambda: runs.logs("first"),
            lambda: runs.compare("first"),
            lambda: report([runs.get("first")], runs.compare("first")),
            *(lambda form=form: runs.export("first", form, io.BytesIO()) for form in forms),
            lambda: runs.update("first", RunUpdate(description="told")),
            lambda: runs.archive("first"),
            lambda: runs.restore("first"),
            lambda: runs.connection_files("first"),
        ]

    def builds(self) -> list[Callable[[], object]]:
        """What begins from the run: an evaluation over it, a run that takes its rows over, itself again."""
        runs, mapping = self.runs, {"x": "${run.outputs.y}"}
        return [
            lambda: runs.create(RunCreate(name="judge", flow=str(self.flow), run="first", column_mapping=mapping)),
            lambda: runs.create(RunCreate(name="more", resume_from="first")),
            lambda: runs.execute("first", means()),
        ]

    def look(self) -> None:
        """Ask all of it: each answers, or with an error of ours."""
        list(self.runs.list(archived="also"))
        self.runs.prune("1h", dry_run=True)
        for ask in self.looks():
            with suppress(FlowyardError):
                ask()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("damage")
    flow = write_flow(
        folder / "flow",
        DAG,
        double__py=TOOL + "def double(x: int) -> int:\n    return x * 2\n",
        count__py=TOOL + "def count(values) -> int:\n    log_metric('count', len(values))\n    return len(values)\n",
    )
    place = Place(LocalRuns(folder / "home"), folder / "home", flow, write_rows(folder / "rows.jsonl", ({"x": x} for x in range(120))))
    place.runs.create(RunCreate(name="first", flow=str(flow), data=str(place.data), column_mapping={"x": "${data.x}"}))
    place.runs.execute("first", means())
    return place


@pytest.fixture
def place(original: Place, tmp_path: Path) -> Place:
    shutil.copytree(original.home, tmp_path / "home")
    return Place(LocalRuns(tmp_path / "home"), tmp_path / "home", original.flow, original.data)


def harm(file: Path, seed: int) -> None:
    """Cut the file, or overwrite some of it: with zeros, with noise, with bytes of another place, a single bit."""
    chance, data = random.Random(seed), bytearray(file.read_bytes())
    at = chance.randrange(len(data))
    match seed % 5:
        case 0:
            del data[at:]
        case 1:
            data[at : at + 4096] = bytes(min(4096, len(data) - at))
        case 2:
            data[at : at + 64] = chance.randbytes(min(64, len(data) - at))
        case 3:
            other = chance.randrange(len(data))
            data[at : at + 1024] = data[other : other + min(1024, len(data) - at)]
        case _:
            for _ in range(200):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)


def change(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.execute(statement, values)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_the_damage_is_the_answer_is_a_run_or_an_error_of_ours(place: Place, seed: int) -> None:
    harm(place.folder / FILE, seed)
    place.look()
    if seed < 5:
        for ask in place.builds():
            with suppress(FlowyardError):
                ask()


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough for a header" * 20, bytes(8192)])
def test_a_file_that_is_none_is_told_and_the_run_can_be_deleted(place: Place, content: bytes) -> None:
    (place.folder / FILE).write_bytes(content)
    listed = place.runs.list()
    assert [(run.name, (run.error or {})["code"]) for run in listed] == [("first", "RunDamaged")]
    for ask in (*place.looks(), *place.builds()):
        with pytest.raises(RunDamagedError, match="cannot be read") as told:
            ask()
        assert told.value.remedy
        assert str(place.folder) in told.value.message
    assert place.runs.prune("1h").held_back
    place.runs.delete("first")
    assert not place.folder.exists()


FACTS = ("name", "status", "flow", "create", "created_at", "counts", "error", "words", "warnings", "archived", "connection_files")


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_that_is_another_s_or_gone_is_no_traceback(place: Place, fact: str) -> None:
    before = (place.folder / FILE).read_bytes()
    for value in ("{", "5.5", '"a"', '{"a": 1}', "[1]", None, b"\xff\xfe"):
        change(place.folder, "DELETE FROM facts WHERE name = ?", fact)
        if value is not None:
            change(place.folder, "INSERT INTO facts VALUES (?, CAST(? AS TEXT))", fact, value)
        place.look()
        (place.folder / FILE).write_bytes(before)


@pytest.mark.parametrize("column", ["inputs", "outputs", "error", "start_ns", "duration_ns", "trace_id", "chunk", "position", "reduce"])
def test_a_column_that_is_rotten_is_no_traceback(place: Place, column: str) -> None:
    before = (place.folder / FILE).read_bytes()
    for value in ("{", "text", 10**18, -1, b"\xff", None):
        with suppress(sqlite3.IntegrityError):
            change(place.folder, f"UPDATE lines SET {column} = ? WHERE line = 7", value)
        place.look()
        (place.folder / FILE).write_bytes(before)


def test_a_chunk_that_is_rotten_costs_what_nodes_did_in_its_rows_and_nothing_else(place: Place) -> None:
    change(place.folder, "UPDATE chunks SET nodes = x'00'")
    with pytest.raises(RunDamagedError):
        place.runs.line("first", 7)
    assert len(list(place.runs.lines("first"))) == 120
    with RunStore(place.folder) as store:
        assert store.tally().completed == 120
