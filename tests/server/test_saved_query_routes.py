"""Saved queries of the SQL editor: whose they are, who sees them, how they are run; over HTTP, from Python and by command."""

from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from flowyard import Workspace
from flowyard.cli.logs import app
from flowyard.foundation.errors import InvalidInputError, RemoteError
from flowyard.storage.schema import workspaces
from flowyard.storage.sql.saved_queries import SqlSavedQueryStore
from flowyard.tracing import saved_queries
from flowyard.tracing.saved_queries import SavedQueryRecord

ASK = "SELECT 41 + 1 AS answer"


@pytest.fixture
def ws(server: Any, owner_key: str, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("FLOWYARD_URL", server.url)
    monkeypatch.setenv("FLOWYARD_API_KEY", owner_key)
    monkeypatch.setenv("FLOWYARD_WORKSPACE", "default")
    return Workspace(url=server.url, api_key=owner_key, workspace="default")


@pytest.fixture
def other(server: Any, ws: Workspace) -> Workspace:
    """Somebody else in the same workspace, who may only read."""
    return Workspace(url=server.url, api_key=ws.keys.create("other", role="reader").secret, workspace="default")


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def names(workspace: Workspace) -> list[tuple[str, bool]]:
    return [(query.name, query.mine) for query in workspace.logs.saved()]


def test_a_query_is_its_owners_until_it_is_shared(ws: Workspace, other: Workspace) -> None:
    told = ws.logs.save("cost / model?", ASK)
    assert (told.name, told.query, told.shared, told.mine) == ("cost / model?", ASK, False, True)
    assert (names(ws), names(other)) == ([("cost / model?", True)], [])
    ws.logs.save("cost / model?", ASK + ", 2", shared=True)
    (seen,) = other.logs.saved()
    assert (seen.query, seen.mine, seen.shared, seen.owner) == (ASK + ", 2", False, True, told.owner)
    with pytest.raises(RemoteError, match="You have no saved query"):
        other.logs.forget("cost / model?")
    other.logs.save("cost / model?", "SELECT 1")
    assert names(ws) == [("cost / model?", True)]
    assert sorted(names(other)) == [("cost / model?", False), ("cost / model?", True)]
    ws.logs.forget("cost / model?")
    assert (names(ws), names(other)) == ([], [("cost / model?", True)])


@pytest.mark.parametrize("name", ["", " x", "x" * 81, "a\nb"], ids=["empty", "space", "long", "lines"])
def test_what_is_no_name_is_refused(ws: Workspace, name: str) -> None:
    with pytest.raises(RemoteError):
        ws.logs.save(name, ASK)
    assert names(ws) == []


def test_what_is_no_query_and_what_is_too_many_is_refused(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    for query in ("", " ", "x" * 100_001):
        with pytest.raises(RemoteError, match="empty or too long"):
            ws.logs.save("a", query)
    monkeypatch.setattr(saved_queries, "MOST", 1)
    ws.logs.save("a", ASK)
    ws.logs.save("a", ASK)
    with pytest.raises(RemoteError, match="saved queries"):
        ws.logs.save("b", ASK)


@pytest.mark.integration
def test_the_command_keeps_runs_lists_and_forgets(ws: Workspace, other: Workspace) -> None:
    done = run("query", ASK, "--save", "answer", "--share", "--format", "csv")
    assert (done.exit_code, done.stdout.split()) == (0, ["answer", "42"])
    assert [(query.name, query.shared) for query in other.logs.saved()] == [("answer", True)]
    done = run("query", "--saved", "answer", "--format", "csv")
    assert (done.exit_code, done.stdout.split()) == (0, ["answer", "42"])
    other.logs.save("answer", "SELECT 7 AS others", shared=True)
    assert run("query", "--saved", "answer", "--format", "csv").stdout.split() == ["answer", "42"]
    assert [line.split()[:3] for line in run("saved").stdout.splitlines()[-2:]] == [
        ["answer", "you", "yes"],
        ["answer", "key/other", "yes"],
    ]
    assert run("forget", "answer").exit_code == 0
    assert run("query", "--saved", "answer", "--format", "csv").stdout.split() == ["others", "7"]


@pytest.mark.integration
def test_a_query_that_fails_is_not_kept_and_what_is_unclear_is_told(ws: Workspace, other: Workspace) -> None:
    assert run("query", "SELECT no_such FROM spans", "--save", "wrong").exit_code != 0
    assert names(ws) == []
    for words, message in (
        (["query"], "What to ask is not clear"),
        (["query", ASK, "--saved", "x"], "What to ask is not clear"),
        (["query", ASK, "--share"], "nothing to share"),
        (["query", "--saved", "answr"], "no saved query 'answr'"),
    ):
        done = run(*words)
        assert isinstance(done.exception, InvalidInputError)
        assert message in done.exception.message
    third = Workspace(url=ws.transport.url, api_key=ws.keys.create("third", role="reader").secret, workspace="default")
    for one in (other, third):
        one.logs.save("same", ASK, shared=True)
    done = run("query", "--saved", "same")
    assert "key/other, key/third" in str(done.exception)


def test_the_table_keeps_workspaces_and_owners_apart(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in ("w1", "w2"):
            connection.execute(workspaces.insert().values(id=name, name=name, display_name=name, created_ns=1))
    store = SqlSavedQueryStore(engine)

    def saved(workspace: str, owner: str, query: str, *, shared: bool = False) -> SavedQueryRecord:
        return SavedQueryRecord(workspace_id=workspace, owner_id=owner, name="q", owner=owner, query=query, shared=shared, updated_ns=1)

    mine, theirs, elsewhere = saved("w1", "a", "1"), saved("w1", "b", "2", shared=True), saved("w2", "a", "3", shared=True)
    for record in (mine, theirs, elsewhere):
        store.put(record)
    assert store.visible("w1", "a") == [mine, theirs]
    assert store.visible("w1", "b") == [theirs]
    changed = saved("w1", "a", "4")
    store.put(changed)
    assert store.visible("w1", "a") == [changed, theirs]
    assert (store.delete("w1", "a", "q"), store.delete("w1", "a", "q")) == (True, False)
    assert store.visible("w2", "a") == [elsewhere]
