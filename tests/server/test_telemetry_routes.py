"""Telemetry's files are verified over HTTP, from Python and from the command line, on a real control plane."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flowyard import Workspace
from flowyard.cli.telemetry import app
from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from support.spans import make_span, spool

pytestmark = pytest.mark.integration


@pytest.fixture
def ws(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    monkeypatch.setenv("FLOWYARD_WORKSPACE", "default")
    return Workspace(url=server.url, api_key=owner_key, workspace="default")


@pytest.fixture
def segment(server: Any, tmp_path: Path) -> Iterator[Path]:
    """Put one segment where the server keeps its own; its indexer would do that after ten seconds."""
    engine = open_engine(server.services.settings.metadata_url)
    folder = server.services.settings.home / "storage" / "telemetry"
    indexer = Indexer(engine, tmp_path / "other-spools", SegmentFiles(folder))
    spool(tmp_path / "other-spools", [make_span(1, number, workspace_id="") for number in (1, 2, 3)])
    indexer.step()
    indexer.roll()
    (found,) = indexer.manifest.all_segments()
    yield folder / found.path
    engine.dispose()


def test_sound_files_are_counted(ws: Workspace, segment: Path) -> None:
    found = ws.telemetry.verify()
    assert (found.segments, found.rows, found.findings) == (1, 3, ())
    assert int(found.bytes) > segment.stat().st_size
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 0, done.output
    assert "Nothing is wrong." in done.output
    assert "1 segment, 3 rows" in done.output


def test_a_file_that_is_cut_off_is_named_and_ends_with_1(ws: Workspace, segment: Path) -> None:
    segment.write_bytes(segment.read_bytes()[:-1])
    (finding,) = ws.telemetry.verify().findings
    assert finding.trouble == "damaged"
    assert finding.path.endswith(segment.name)
    done = CliRunner().invoke(app, ["verify", "--json"])
    assert done.exit_code == 1
    assert [one["trouble"] for one in json.loads(done.stdout)["findings"]] == ["damaged"]
    done = CliRunner().invoke(app, ["verify"])
    assert done.exit_code == 1
    assert "damaged" in done.stdout
