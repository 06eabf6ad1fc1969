"""Rows of a run become spans when their spool is read: the same records, written once."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flowyard.flows.runs.means import RunMeans
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.frames import FrameKind
from flowyard.tracing.spool import SpoolFile
from support.flow_folders import python_node, write_flow
from support.runs import lines_of, run_rows

TOOL = "from promptflow.core import tool\n\n@tool\ndef node(x: int):\n    print('seen', x)\n    return 10 // x\n"
DAG = {
    "inputs": {"x": {"type": "int"}},
    "outputs": {"out": {"type": "int", "reference": "${node}"}},
    "nodes": [python_node("node", x="${inputs.x}")],
}


def test_each_row_is_a_trace_with_its_run_and_line(tmp_path: Path, engine: Engine) -> None:
    flow = write_flow(tmp_path / "flow", DAG, node__py=TOOL)
    spools = tmp_path / "spools"
    run = run_rows(tmp_path / "r", flow, [{"x": 5}, {"x": 0}], means=RunMeans(spools=spools, workspace_id="w1"))
    indexer = Indexer(engine, spools, SegmentFiles(tmp_path / "segments"), default_workspace="w0")
    indexer.step()
    queries = DuckQueries(indexer.manifest, indexer.tail, SegmentFiles(tmp_path / "segments"))
    for line, status in zip(lines_of(run), ("ok", "error"), strict=True):
        spans = {span.kind: span for span in queries.get_trace("w1", str(line.trace_id))}
        assert set(spans) == {"flow", "node"}
        assert {span.status for span in spans.values()} == {status}
        assert {(span.run_id, span.line, span.workspace_id) for span in spans.values()} == {("r", line.line, "w1")}
        assert spans["node"].parent_id == spans["flow"].span_id
        assert spans["flow"].attributes["flowyard.input"] == line.inputs
        assert spans["node"].attributes["flowyard.logs"] == f"seen {line.inputs['x']}\n"
    assert list(spools.glob("*.spool"))
    indexer.roll()
    indexer.step()
    assert not list(spools.glob("*.spool")), "a spool that is complete and in a segment goes"


def test_a_frame_that_cannot_be_read_is_told_and_passed_over(tmp_path: Path, engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    spools = tmp_path / "spools"
    spools.mkdir()
    file = SpoolFile(spools / "lines-x.spool")
    file.append_frame(FrameKind.LINES, b"\x95\x00garbage")
    file.finish()
    indexer = Indexer(engine, spools, SegmentFiles(tmp_path / "segments"), default_workspace="w0")
    with caplog.at_level(logging.ERROR):
        indexer.step()
    assert "cannot be read" in caplog.text
    assert indexer.tail.rows == 0
