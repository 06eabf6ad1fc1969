"""Repeated asking takes no more memory the longer it goes on."""

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flowyard.storage.engine import open_engine
from flowyard.storage.telemetry.asking import StoredFigures
from flowyard.storage.telemetry.files import SegmentFiles
from flowyard.storage.telemetry.indexer import Indexer
from flowyard.storage.telemetry.queries import DuckQueries
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.questions import Question
from flowyard.tracing.search.parse import parse_search
from support.spans import START_NS, make_span, spool, trace_id

ASKED, MOST_MIB = 300, 12


def memory_mib() -> float:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2


@pytest.mark.integration
@pytest.mark.timeout(600)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell a process's memory")
def test_questions_leave_the_memory_as_it_was(tmp_path: Path, sqlite: Engine) -> None:
    # In a process of its own: what the suite's other tests left in this one comes and goes.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(grown_mib, tmp_path, str(sqlite.url)).result() <= MOST_MIB


def grown_mib(tmp_path: Path, url: str) -> float:
    sqlite = open_engine(url)
    files = SegmentFiles(tmp_path / "segments")
    indexer = Indexer(sqlite, tmp_path / "spools", files, default_workspace="w1")
    for part in range(3):
        call = {"kind": "llm", "model": "m", "prompt_tokens": 3, "completion_tokens": 4, "cost_micros": 2}
        told = {"gen_ai.input.messages": [{"role": "user", "content": f"where is parcel {part} " * 20}]}
        spans = [
            span
            for number in range(part * 100 + 1, part * 100 + 101)
            for span in (make_span(number, 1, kind="http"), make_span(number, 2, 1, **call, attributes=told))
        ]
        spool(tmp_path / "spools", spans, name=f"part{part}")
        indexer.step()
        if part < 2:
            indexer.roll()
    queries = DuckQueries(indexer.manifest, indexer.tail, files)
    figures = StoredFigures(queries.reader)
    question = Question(
        subject="calls", since_ns=START_NS, until_ns=START_NS + 3600 * 10**9, group_by=("model",), measures=("count", "duration_p95"),
        grain_ns=None, search=None, limit=10,
    )  # fmt: skip

    def ask(number: int) -> None:
        match number % 5:
            case 0:
                assert len(queries.get_trace("w1", trace_id(number % 300 + 1))) == 2
            case 1:
                assert len(queries.list_traces("w1", TraceFilter(), limit=10)) == 10
            case 2:
                assert len(queries.list_traces("w1", TraceFilter(text=f"parcel {number % 3}"), limit=5)) == 5
            case 3:
                assert len(queries.list_traces("w1", TraceFilter(search=parse_search("model:m tokens>6")), limit=5)) == 5
            case _:
                assert figures.figures("w1", question)[0][0][1] == 300

    for number in range(ASKED):  # until the allocators hold what asking takes at its most
        ask(number)
    gc.collect()
    before = memory_mib()
    later = []
    for number in range(ASKED):
        ask(number)
        if number % (ASKED // 5) == ASKED // 5 - 1:
            gc.collect()
            later.append(memory_mib())
    queries.close()
    return min(later[-3:]) - before  # what comes and goes is no growth
