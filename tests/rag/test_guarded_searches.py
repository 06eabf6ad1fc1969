"""A search that finds documents with access tags is known by its trace before it is answered."""

from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.foundation.errors import RemoteError
from flowyard.identity.access import acts_for
from flowyard.tracing.context import activate, new_context
from flowyard.wire.identity import ApiKeyCreate
from flowyard.wire.indexes import AccessRule
from support.built_indexes import IndexBuilder


@pytest.mark.integration
def test_what_a_search_found_is_kept_with_its_trace(services: Any, ws: Workspace, owner_key: str, tmp_path: Path) -> None:
    build = IndexBuilder(services, ws, tmp_path / "documents")
    build.put(cats="# Cats\n\nCats purr and sleep.", secret="# Wages\n\nWhat everybody earns.")
    build(access=[AccessRule(under="secret", tags=("staff", "board"))])
    [index] = [one.name for one in ws.indexes.list()]
    owner = services.sign_in.by_key(owner_key).enter()
    guards, tagged, plain, theirs = services.runs._guards, new_context(), new_context(), new_context()

    with activate(tagged):
        assert len(ws.indexes.search(index, "everybody earns", kind="text").hits) == 1
    with activate(plain):
        assert len(ws.indexes.search(index, "purr", kind="text").hits) == 1
    assert guards.guarded(owner.workspace_id, [tagged.trace_id, plain.trace_id]) == {tagged.trace_id}
    assert guards._store.of(owner.workspace_id, [tagged.trace_id]) == {tagged.trace_id: {("board", "staff")}}

    asker = services.sign_in.by_key(services.keys.create(owner, ApiKeyCreate(name="asker", role="reader")).secret).enter()
    services.access.set(owner, "key", "asker", ["staff"])
    key = services.keys.issue(owner.workspace_id, "run", "invoker", scope="run:1", acts_for=acts_for(asker))
    flow = Workspace(url=ws.transport.url, api_key=key, workspace="default")
    with pytest.raises(RemoteError, match="does not say in which trace"):
        flow.indexes.search(index, "everybody earns", kind="text")
    assert len(flow.indexes.search(index, "purr", kind="text").hits) == 1
    with activate(theirs):
        assert len(flow.indexes.search(index, "everybody earns", kind="text").hits) == 1
    assert guards._store.of(owner.workspace_id, [theirs.trace_id]) == {theirs.trace_id: {("staff",)}}
    assert guards.lacked(asker, [theirs.trace_id, tagged.trace_id]) == frozenset()
