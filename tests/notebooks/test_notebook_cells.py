"""What a new notebook begins with: valid in Jupyter's format, its code compiles, and only of what is there."""

from typing import Any

import nbformat
import pytest

from flowyard.foundation.errors import FlowyardError
from flowyard.notebooks.cells import Cells, data_cells, endpoint_cells, flow_cells, index_cells, page_of, run_cells, trace_cells
from flowyard.server.notebook_pages import page_for

CELLS = [
    flow_cells("chat", {"question": "Why?", "chat_history": []}),
    flow_cells("odd", {"not a name": 'a "quote"', "x": {"y": None}}),
    data_cells("faq", "3"),
    run_cells("it's-nightly"),
    trace_cells("0af7651916cd43dd8448eb211c80319c"),
    endpoint_cells("support", {"question": "Why?"}),
    endpoint_cells("none", {}),
    index_cells("docs", "latest"),
]


@pytest.mark.parametrize("cells", CELLS, ids=lambda cells: cells.name)
def test_a_notebook_is_valid_and_its_code_compiles(cells: Cells) -> None:
    document = nbformat.reads(page_of(cells).content.decode(), as_version=4)
    nbformat.validate(document)
    code = [cell.source for cell in document.cells if cell.cell_type == "code"]
    assert len(code) == len(cells.code)
    for each in code:
        compile(each, "cell", "exec")


def test_names_are_files_of_their_own() -> None:
    assert page_of(run_cells("nightly")).path == "run-nightly.ipynb"
    odd = [page_of(run_cells(name)).path for name in ("a/../b", "a-..-b", "../a", "é" * 300)]
    assert len(set(odd)) == len(odd)
    assert not any("/" in path or len(path) > 200 for path in odd)


@pytest.mark.parametrize(
    ("of", "code"),
    [
        ("flow/none", "FlowNotFound"),
        ("data/none/1", "DataAssetNotFound"),
        ("run/none", "RunNotFound"),
        ("trace/0af7651916cd43dd8448eb211c80319c", "TraceNotFound"),
        ("endpoint/none", "EndpointNotFound"),
        ("index/none/1", "IndexNotFound"),
        ("nothing/none", "InvalidInput"),
        ("flow/", "InvalidInput"),
        ("flow", "InvalidInput"),
        ("flow/../../x", "FlowNotFound"),
    ],
)
def test_a_notebook_about_nothing_is_refused(services: Any, owner_key: str, of: str, code: str) -> None:
    caller = services.sign_in.by_key(owner_key).enter("default")
    with pytest.raises(FlowyardError) as caught:
        page_for(services, caller, of)
    assert caught.value.code == code
    assert caught.value.problem().remedy
