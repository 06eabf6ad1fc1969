"""The contract of identity's stores, on both databases."""

import threading
from dataclasses import replace
from typing import Any

import pytest

from flowyard.foundation.ids import new_id
from flowyard.identity.access import HeldTags, Holder
from flowyard.identity.errors import LastOwnerError, NameTakenError, UserNotFoundError
from flowyard.identity.model import AuditRecord, KeyRecord, SessionRecord, UserRecord, WorkspaceRecord
from flowyard.storage.sql.access_tags import SqlAccessTagStore
from flowyard.storage.sql.audit import SqlAuditLog
from flowyard.storage.sql.events import SqlEventLog
from flowyard.storage.sql.idempotency import SqlIdempotencyStore
from flowyard.storage.sql.keys import SqlKeyStore
from flowyard.storage.sql.sessions import SqlSessionStore
from flowyard.storage.sql.users import SqlUserStore
from flowyard.storage.sql.workspaces import SqlWorkspaceStore

HASH = "ab" * 32


def audit(workspace_id: str, at_ns: int = 1, action: str = "test.do") -> AuditRecord:
    return AuditRecord(id=new_id(), workspace_id=workspace_id, at_ns=at_ns, actor="me", action=action, target="tests/x", detail={"é": [1]})


def a_key(workspace_id: str, name: str = "ci", scope: str = "") -> KeyRecord:
    return KeyRecord(
        id=new_id(), workspace_id=workspace_id, name=name, role="reader", scope=scope, prefix="fy_abc", created_ns=1, created_by="me"
    )


@pytest.fixture
def user(engine: Any) -> UserRecord:
    return SqlUserStore(engine).add(UserRecord(id=new_id(), name="owner", created_ns=1))


@pytest.fixture
def workspace(engine: Any, user: UserRecord) -> WorkspaceRecord:
    record = WorkspaceRecord(id=new_id(), name="default", display_name="Default", created_ns=1)
    SqlWorkspaceStore(engine).add(record, user.id, audit(record.id))
    return record


def test_workspaces(engine: Any, user: UserRecord, workspace: WorkspaceRecord) -> None:
    store = SqlWorkspaceStore(engine)
    assert store.get("default") == store.find(workspace.id) == workspace
    assert store.get("nothing") is None
    assert store.all() == [workspace]
    with pytest.raises(NameTakenError):
        store.add(WorkspaceRecord(id=new_id(), name="default", display_name="x", created_ns=1), user.id, audit(workspace.id))
    assert [(m.workspace, m.role) for m in SqlUserStore(engine).memberships(user.id)] == [(workspace, "owner")]


def test_users_and_members(engine: Any, user: UserRecord, workspace: WorkspaceRecord) -> None:
    store = SqlUserStore(engine)
    assert store.add(UserRecord(id=new_id(), name="owner", created_ns=9)) == user
    ada = store.add(UserRecord(id=new_id(), name="ada", created_ns=2))
    store.add_member(workspace.id, ada.id, "reader", audit(workspace.id))
    with pytest.raises(NameTakenError):
        store.add_member(workspace.id, ada.id, "owner", audit(workspace.id))
    assert [(member.user.name, member.role) for member in store.members(workspace.id)] == [("ada", "reader"), ("owner", "owner")]
    store.set_role(workspace.id, ada.id, "contributor", audit(workspace.id))
    store.seen(ada.id, 77)
    assert store.get("ada") == store.find(ada.id)
    assert store.members(workspace.id)[0].user.last_seen_ns == 77
    store.remove_member(workspace.id, ada.id, audit(workspace.id))
    for call in (store.remove_member, lambda *a: store.set_role(a[0], a[1], "owner", a[2])):
        with pytest.raises(UserNotFoundError):
            call(workspace.id, ada.id, audit(workspace.id))


def test_the_last_owner_stays(engine: Any, user: UserRecord, workspace: WorkspaceRecord) -> None:
    store = SqlUserStore(engine)
    with pytest.raises(LastOwnerError):
        store.remove_member(workspace.id, user.id, audit(workspace.id))
    with pytest.raises(LastOwnerError):
        store.set_role(workspace.id, user.id, "reader", audit(workspace.id))
    store.set_role(workspace.id, user.id, "owner", audit(workspace.id))


def test_two_owners_who_leave_at_once_leave_one(engine: Any, user: UserRecord, workspace: WorkspaceRecord) -> None:
    store = SqlUserStore(engine)
    ada = store.add(UserRecord(id=new_id(), name="ada", created_ns=2))
    store.add_member(workspace.id, ada.id, "owner", audit(workspace.id))
    refused: list[str] = []

    def leave(user_id: str) -> None:
        try:
            store.remove_member(workspace.id, user_id, audit(workspace.id))
        except LastOwnerError:
            refused.append(user_id)

    in_threads([lambda: leave(user.id), lambda: leave(ada.id)])
    assert len(refused) == 1
    assert [member.role for member in store.members(workspace.id)] == ["owner"]


def test_keys(engine: Any, workspace: WorkspaceRecord) -> None:
    store = SqlKeyStore(engine)
    key = a_key(workspace.id)
    store.add(key, HASH, audit(workspace.id))
    assert store.by_hash(HASH) == store.find(key.id) == store.named(workspace.id, "ci") == key
    assert store.by_hash("cd" * 32) is None
    with pytest.raises(NameTakenError):
        store.add(a_key(workspace.id), "cd" * 32, None)
    store.used(key.id, 5)
    assert store.revoke(key.id, 6, audit(workspace.id))
    assert not store.revoke(key.id, 7, audit(workspace.id))
    found = store.find(key.id)
    assert found is not None
    assert (found.revoked_ns, found.last_used_ns) == (6, 5)
    assert store.named(workspace.id, "ci") is None
    store.add(a_key(workspace.id), "ef" * 32, None)
    assert len(store.in_workspace(workspace.id)) == 2


def test_keys_of_processes_are_apart(engine: Any, workspace: WorkspaceRecord) -> None:
    store = SqlKeyStore(engine)
    for number in range(3):
        store.add(a_key(workspace.id, name="replica", scope="deployment:1"), f"{number}" * 64, None)
    store.add(a_key(workspace.id, name="replica", scope="deployment:2"), "a" * 64, None)
    assert store.in_workspace(workspace.id) == []
    assert store.revoke_scope(workspace.id, "deployment:1", 9) == 3
    assert store.revoke_scope(workspace.id, "deployment:1", 9) == 0
    other = store.by_hash("a" * 64)
    assert other is not None
    assert other.revoked_ns is None
    assert [event.kind for event in SqlEventLog(engine).since(0)] == ["key"] * 3
    with pytest.raises(ValueError, match="empty scope"):
        store.revoke_scope(workspace.id, "", 9)


def test_two_keys_of_one_name_at_once_are_one(engine: Any, workspace: WorkspaceRecord) -> None:
    store = SqlKeyStore(engine)
    taken: list[int] = []

    def make(number: int) -> None:
        try:
            store.add(a_key(workspace.id), f"{number}" * 64, None)
        except NameTakenError:
            taken.append(number)

    in_threads([lambda n=number: make(n) for number in range(4)])
    assert len(taken) == 3


def test_tokens_are_used_once_by_one(engine: Any, user: UserRecord) -> None:
    store = SqlSessionStore(engine)
    store.add_token(HASH, user.id, 100)
    store.add_token("cd" * 32, user.id, 10)
    assert store.redeem("cd" * 32, 10) is None
    assert store.redeem("ef" * 32, 10) is None
    got: list[str | None] = []
    in_threads([lambda: got.append(store.redeem(HASH, 50)) for _ in range(4)])
    assert sorted(found or "" for found in got) == ["", "", "", user.id]


def test_sessions(engine: Any, user: UserRecord) -> None:
    store = SqlSessionStore(engine)
    session = SessionRecord(user_id=user.id, created_ns=1, expires_ns=100)
    store.add(HASH, session)
    assert store.by_hash(HASH) == session
    store.end(HASH, 50)
    store.end(HASH, 60)
    store.end("cd" * 32, 60)
    ended = store.by_hash(HASH)
    assert ended is not None
    assert ended.ended_ns == 50
    assert [(event.kind, event.key) for event in SqlEventLog(engine).since(0)] == [("session", HASH)]
    store.add("cd" * 32, SessionRecord(user_id=user.id, created_ns=200, expires_ns=300))
    assert store.by_hash(HASH) is None


def test_the_audit_trail_is_read_in_pages_newest_first(engine: Any, workspace: WorkspaceRecord) -> None:
    log = SqlAuditLog(engine)
    records = [audit(workspace.id, at_ns=10 + number // 2, action=f"n{number}") for number in range(7)]
    for record in records:
        log.append(record)
    newest_first = sorted(records, key=lambda record: (record.at_ns, record.id), reverse=True)
    seen: list[AuditRecord] = []
    cursor = None
    while page := log.read(workspace.id, limit=3, before_id=cursor):
        seen += page
        cursor = page[-1].id
    assert seen[:7] == newest_first
    assert log.read("other", limit=3) == []
    assert log.read(workspace.id, limit=3, before_id="unknown") == []


def test_events_are_followed_by_number(engine: Any) -> None:
    log = SqlEventLog(engine)
    assert log.latest() == 0
    for number in range(5):
        log.append("w", "endpoint", str(number))
    first = log.since(0, limit=2)
    assert [event.key for event in first] == ["0", "1"]
    assert [event.key for event in log.since(first[-1].seq)] == ["2", "3", "4"]
    assert log.latest() == log.since(0)[-1].seq


def test_events_become_visible_in_the_order_of_their_numbers(engine: Any) -> None:
    log = SqlEventLog(engine)
    seen: list[int] = []
    done = threading.Event()

    def follow() -> None:
        while not done.is_set() or log.latest() > (seen[-1] if seen else 0):
            seen.extend(event.seq for event in log.since(seen[-1] if seen else 0))

    follower = threading.Thread(target=follow)
    follower.start()
    in_threads([lambda: [log.append("w", "key", "k") for _ in range(20)] for _ in range(4)])
    done.set()
    follower.join(30)
    assert len(seen) == 80
    assert seen == sorted(set(seen))


def test_one_of_two_equal_requests_begins(engine: Any) -> None:
    from flowyard.identity.idempotency import IdempotentRequest

    store = SqlIdempotencyStore(engine)
    request = IdempotentRequest(workspace_id="w", key="k", request="r", status=0, response="", created_ns=100)
    results: list[Any] = []
    in_threads([lambda: results.append(store.begin(request, stale_before_ns=0, forget_before_ns=0)) for _ in range(4)])
    assert results.count(None) == 1
    store.finish("w", "k", 202, "{}")
    kept = store.begin(request, stale_before_ns=1000, forget_before_ns=0)
    assert kept is not None
    assert (kept.status, kept.response) == (202, "{}")
    assert store.begin(request, stale_before_ns=0, forget_before_ns=1000) is None
    assert store.begin(request, stale_before_ns=1000, forget_before_ns=0) is None


def in_threads(calls: list[Any]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_access_tags(engine: Any, user: UserRecord, workspace: WorkspaceRecord) -> None:
    store, users = SqlAccessTagStore(engine), SqlUserStore(engine)
    ada, key, scoped = users.add(UserRecord(id=new_id(), name="ada", created_ns=2)), a_key(workspace.id), a_key(workspace.id, "p", "run:1")
    users.add_member(workspace.id, ada.id, "reader", audit(workspace.id))
    for number, one in enumerate((key, scoped)):
        SqlKeyStore(engine).add(one, f"{number:064}", None)
    holder = store.find(workspace.id, "user", "ada")
    assert holder == Holder("user", ada.id)
    assert store.find(workspace.id, "key", "ci") == Holder("key", key.id)
    assert store.find(workspace.id, "key", "p") is store.find("other", "user", "ada") is store.find(workspace.id, "endpoint", "x") is None
    assert store.get(workspace.id, holder) == HeldTags(frozenset(), "reader")
    store.put(workspace.id, holder, frozenset({"hr", "o'hara"}), audit(workspace.id))
    store.put(workspace.id, Holder("key", key.id), frozenset({"x"}), audit(workspace.id))
    store.put(workspace.id, holder, frozenset({"hr", "né"}), audit(workspace.id, action="user.access"))
    assert store.get(workspace.id, holder) == HeldTags(frozenset({"hr", "né"}), "reader")
    assert store.all(workspace.id) == [
        ("user", "ada", HeldTags(frozenset({"hr", "né"}), "reader")),
        ("user", "owner", HeldTags(frozenset(), "owner")),
        ("key", "ci", HeldTags(frozenset({"x"}), "reader")),
    ]
    assert SqlAuditLog(engine).read(workspace.id, limit=1)[0].action == "user.access"
    SqlKeyStore(engine).revoke(key.id, 5, None)
    assert (
        store.get(workspace.id, Holder("key", key.id)) == store.get(workspace.id, Holder("key", scoped.id)) == HeldTags(frozenset(), None)
    )
    users.remove_member(workspace.id, ada.id, audit(workspace.id))
    users.add_member(workspace.id, ada.id, "reader", audit(workspace.id))
    assert store.get(workspace.id, holder) == HeldTags(frozenset(), "reader")
    acting = replace(a_key(workspace.id, "q", "session:1"), acts_for=str(holder))
    SqlKeyStore(engine).add(acting, "f" * 64, None)
    assert SqlKeyStore(engine).by_hash("f" * 64) == acting
