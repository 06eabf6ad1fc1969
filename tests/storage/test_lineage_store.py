"""Lineage on both databases: a walk gives what the edges say, whatever they are, and never another workspace's."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert

from flowyard.data.lineage.errors import LineageNotFoundError
from flowyard.data.lineage.model import LONGEST_ID, Made, Thing, edges_to
from flowyard.data.lineage.service import FAN, LineageService
from flowyard.foundation.errors import InvalidInputError
from flowyard.identity.model import Caller
from flowyard.storage.engine import open_engine
from flowyard.storage.lineage_table import lineage_edges
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.data import SqlDataAssetStore
from flowyard.storage.sql.lineage import SqlLineageStore
from flowyard.wire.lineage import LineageGraph

MINE, OTHER = "w" * 36, "v" * 36


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    opened = open_engine(database_url)
    with opened.begin() as connection:
        for number, workspace_id in enumerate((MINE, OTHER)):
            connection.execute(insert(workspaces).values(id=workspace_id, name=f"w{number}", display_name=f"w{number}", created_ns=number))
    yield opened
    opened.dispose()


@pytest.fixture
def service(engine: Engine) -> LineageService:
    return LineageService(SqlLineageStore(engine), SqlDataAssetStore(engine))


def caller(workspace_id: str = MINE) -> Caller:
    return Caller(workspace_id=workspace_id, workspace="w", actor="me", kind="user", role="owner")


def put(engine: Engine, pairs: list[tuple[int, int]], workspace_id: str = MINE) -> None:
    for source, target in pairs:
        made = Made(activity="run", sources=(Thing("run", str(source)),))
        SqlLineageStore(engine).add(edges_to(workspace_id, "me", Thing("run", str(target)), made))


def names(graph: LineageGraph) -> set[str]:
    return {node.name for node in graph.nodes}


def reached(pairs: list[tuple[int, int]], start: int, *, up: bool) -> set[int]:
    found, left = {start}, [start]
    while left:
        node = left.pop()
        further = {(source if up else target) for source, target in pairs if (target if up else source) == node} - found
        found |= further
        left += further
    return found


PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mine=PAIRS, theirs=PAIRS, start=st.integers(0, 6))
def test_a_walk_finds_all_that_is_connected_and_nothing_of_another_workspace(
    engine: Engine, service: LineageService, mine: list[tuple[int, int]], theirs: list[tuple[int, int]], start: int
) -> None:
    """Any edges, cycles and loops included, as a search over the pairs finds them."""
    with engine.begin() as connection:
        connection.execute(delete(lineage_edges))
    put(engine, mine)
    put(engine, theirs, OTHER)
    real = [(source, target) for source, target in mine if source != target]
    if not any(start in pair for pair in real):
        with pytest.raises(LineageNotFoundError):
            service.graph(caller(), f"run/{start}")
        return
    up, down = service.graph(caller(), f"run/{start}", direction="up"), service.graph(caller(), f"run/{start}", direction="down")
    assert names(up) == {str(node) for node in reached(real, start, up=True)}
    assert names(down) == {str(node) for node in reached(real, start, up=False)}
    assert {(edge.source, edge.target) for edge in (*up.edges, *down.edges)} <= {(f"run/{one}", f"run/{two}") for one, two in real}
    assert not up.truncated
    assert not down.truncated


def test_a_page_and_a_depth_are_kept_and_what_is_left_out_is_counted(engine: Engine, service: LineageService) -> None:
    put(engine, [(0, 1), (1, 2), (2, 3)])
    near = service.graph(caller(), "run/1", direction="down", depth=1)
    assert [(node.name, node.depth, node.more_down) for node in near.nodes] == [("1", 0, 0), ("2", 1, 1)]
    assert near.truncated
    small = service.graph(caller(), "run/0", limit=2)
    assert (names(small), small.truncated) == ({"0", "1"}, True)
    everything = service.graph(caller(), "run/1")
    assert {(node.name, node.depth) for node in everything.nodes} == {("0", -1), ("1", 0), ("2", 1), ("3", 2)}
    assert not everything.truncated


def test_many_sources_do_not_fill_a_graph_and_all_of_them_can_be_listed(engine: Engine, service: LineageService) -> None:
    traces = tuple(Thing("trace", f"{number:032x}") for number in range(1, 1201))
    service.record_edges(caller(), Thing("run", "many"), Made(activity="traces", sources=traces, parameters={"q": "ü"}))
    service.record_edges(caller(), Thing("run", "many"), Made(activity="traces", sources=traces[:3]))  # again: nothing changes
    graph = service.graph(caller(), "run/many")
    assert (len(graph.nodes), graph.nodes[0].more_up, graph.truncated) == (FAN + 1, 1200 - FAN, True)
    assert graph.edges[0].parameters == {"q": "ü"}
    found: list[str] = []
    cursor = None
    while True:
        page = service.edges(caller(), "run/many", up=True, limit=500, cursor=cursor)
        found += [edge.source for edge in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(found) == [trace.id for trace in traces]
    assert [edge.target for edge in service.edges(caller(), traces[7].id, up=False).items] == ["run/many"]


def test_a_name_without_a_version_is_the_newest_of_it(service: LineageService) -> None:
    for digest in ("aaa", "bbb"):
        service.record_edges(caller(), Thing("run", f"of-{digest}"), Made(activity="run", sources=(Thing("flow", "qa", digest),)))
    service.record_edges(caller(), Thing("run", "other"), Made(activity="run", sources=(Thing("flow", "qa%", "ccc"),)))
    assert service.graph(caller(), "flow/qa").root == "flow/qa/bbb"
    assert service.graph(caller(), "flow/qa/aaa").root == "flow/qa/aaa"


@pytest.mark.parametrize("text", ["nothing/x", "run/", "x" * 700 + "/y", "/", "data"])
def test_what_names_nothing_is_refused(service: LineageService, text: str) -> None:
    with pytest.raises((InvalidInputError, LineageNotFoundError)) as caught:
        service.graph(caller(), text) if "/" in text else Thing.parse(text)
    assert caught.value.remedy


def test_ids_are_read_back_and_bounded() -> None:
    for thing in (Thing("model", "azure/gpt-4o"), Thing("data", "d", "1"), Thing("datastore", "s", "a/b/c.jsonl"), Thing("run", "r")):
        assert Thing.parse(thing.id) == thing
    first, second = (Thing("datastore", "s", "p" * 900 + end) for end in "ab")
    assert len(first.id) == len(second.id) == LONGEST_ID
    assert first.id != second.id
