"""What a new notebook begins with: the cells that load a flow, data, a run, a trace, an endpoint or an index. They run as they are."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flowyard.foundation.codecs import to_json
from flowyard.notebooks.grants import Page
from flowyard.notebooks.kernels import NATIVE, kernel_of, kernel_title

_SDK = "from flowyard import Workspace\n\nws = Workspace()"
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Cells:
    """A notebook to be made: its name, a heading, pairs of what a cell is for and its code, and the flow whose packages these import."""

    name: str
    title: str
    code: Sequence[tuple[str, str]]
    flow: Path | None = None


def flow_cells(flow: str, inputs: Mapping[str, Any], folder: Path | None = None) -> Cells:
    """Return the cells that load a flow and call it with `inputs`; `folder` is where it is, when it has packages of its own."""
    load = f'{_SDK}\nflow = ws.flows.load("flows/{flow}")'
    files = f'from pathlib import Path\n\nsorted(str(file) for file in Path("flows/{flow}").rglob("*") if file.is_file())'
    return Cells(
        f"flow-{flow}",
        f"Flow {flow}",
        (
            ("The flow, as its files are now. Its models are those of the workspace.", load),
            ("Run it.", f"flow({_arguments(inputs)})"),
            ("Its files, among them its data.", files),
            ("The data of the workspace.", "[(asset.name, asset.version, asset.description) for asset in ws.data.list()]"),
        ),
        folder,
    )


def data_cells(name: str, version: str) -> Cells:
    """Return the cells that load a version of a data asset."""
    load = f"{_SDK}\ndata = ws.data.preview({name!r}, {version!r}, limit=1000)\nrows = [row.values for row in data.rows]"
    return Cells(
        f"data-{name}-{version}",
        f"Data {name}, version {version}",
        (
            ("The first thousand rows. `offset=` has the next ones; of text, images and folders `data` tells more.", load),
            ("The beginning.", "rows[:5] or data.text or data.folder"),
            (
                "Columns: their types, how many values are missing, their spread.",
                f"ws.data.statistics({name!r}, {version!r}).columns if rows else ()",
            ),
        ),
    )


def run_cells(name: str) -> Cells:
    """Return the cells that load a run with its rows and metrics."""
    return Cells(
        f"run-{name}",
        f"Run {name}",
        (
            ("The run.", f"{_SDK}\nrun = ws.runs.get({name!r})\nrun.status, run.flow"),
            ("All its rows, a dictionary each.", f"rows = ws.runs.details({name!r})\nrows[:5]"),
            ("What its aggregation gave.", f"ws.runs.metrics({name!r})"),
        ),
    )


def trace_cells(trace_id: str) -> Cells:
    """Return the cells that load a trace."""
    tree = 'for span in found.spans:\n    print(f"{span.start_offset_ms:9.1f} ms  +{span.duration_ms:9.1f} ms  {span.kind:10} {span.name}")'
    return Cells(
        f"trace-{trace_id[:16]}",
        f"Trace {trace_id}",
        (
            ("The trace, with all its spans and values.", f"{_SDK}\nfound = ws.traces.get({trace_id!r})\nfound.trace"),
            ("What ran, in order.", tree),
            ("What each step was given and gave.", "[(span.name, span.attributes) for span in found.spans]"),
        ),
    )


def endpoint_cells(name: str, inputs: Mapping[str, Any]) -> Cells:
    """Return the cells that look at an endpoint and call it with `inputs`."""
    invoke = f"ws.endpoints.invoke({name!r}, inputs) if endpoint.traffic else 'No deployment has traffic yet.'"
    return Cells(
        f"endpoint-{name}",
        f"Endpoint {name}",
        (
            ("The endpoint, its deployments and their traffic.", f"{_SDK}\nendpoint = ws.endpoints.get({name!r})\nendpoint"),
            ("Call it.", f"inputs = {dict(inputs)!r}\n{invoke}"),
        ),
    )


def index_cells(name: str, version: str) -> Cells:
    """Return the cells that search a version of an index."""
    search = (
        f'answer = ws.indexes.search({name!r}, "What is this about?", version={version!r}, top_k=5)\n'
        "[(hit.title, round(hit.score, 3), hit.chunk.text[:200]) for hit in answer.hits]"
    )
    return Cells(
        f"index-{name}-{version}",
        f"Index {name}, version {version}",
        (
            ("The index.", f"{_SDK}\nindex = ws.indexes.get({name!r})\nindex"),
            ("Ask it.", search),
            ("Its documents.", f"from itertools import islice\n\nlist(islice(ws.indexes.documents({name!r}, {version!r}), 20))"),
        ),
    )


def page_of(cells: Cells) -> Page:
    """Return the notebook of these cells, in Jupyter's format (nbformat 4.5)."""
    parts = [_cell("markdown", 0, f"# {cells.title}")]
    for why, code in cells.code:
        parts.append(_cell("markdown", len(parts), why))
        parts.append(_cell("code", len(parts), code))
    name = NATIVE if cells.flow is None else kernel_of(cells.flow)
    kernel = {"display_name": kernel_title(name), "language": "python", "name": name}
    document = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
        "cells": parts,
    }
    return Page(path=f"{_safe(cells.name)}.ipynb", content=to_json(document), flow=cells.flow)


def _cell(kind: str, number: int, text: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"id": f"cell-{number}", "cell_type": kind, "metadata": {}, "source": text, **extra}


def _arguments(inputs: Mapping[str, Any]) -> str:
    if all(name.isidentifier() for name in inputs):
        return ", ".join(f"{name}={value!r}" for name, value in inputs.items())
    return f"**{dict(inputs)!r}"


def _safe(name: str) -> str:
    """Return a file name; of one that had to be changed it has a part of the digest, so that no two notebooks are one."""
    safe = _NOT_IN_NAMES.sub("-", name)[:120]
    return safe if safe == name else f"{safe}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
