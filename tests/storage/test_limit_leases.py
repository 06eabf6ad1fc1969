"""The contract of `identity.limits`' stores, on both databases."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from flowyard.foundation.clock import now_ns
from flowyard.foundation.ids import new_id
from flowyard.identity.limits import Ask, Grant, window_of
from flowyard.identity.model import AuditRecord, UserRecord, WorkspaceRecord
from flowyard.storage.schema import limit_leases
from flowyard.storage.sql.events import SqlEventLog
from flowyard.storage.sql.limits import SqlLeaseStore, SqlLimitStore
from flowyard.storage.sql.users import SqlUserStore
from flowyard.storage.sql.workspaces import SqlWorkspaceStore
from flowyard.wire.limits import Limits


@pytest.fixture
def leases(engine: Any) -> SqlLeaseStore:
    return SqlLeaseStore(engine)


@pytest.fixture
def ask() -> Ask:
    """What a gateway asks of a key's budget of this day: the suite may run over midnight."""
    return Ask(subject="key:k", measure="day", start_ns=window_of("day", now_ns())[0], bound=1000, spent=0, need=0)


def test_a_slice_is_a_tenth_of_what_is_left_or_what_is_needed(leases: SqlLeaseStore, ask: Ask) -> None:
    assert leases.renew("a", [ask]) == [Grant(amount=100, beyond=900)]
    assert leases.renew("b", [replace(ask, need=400)]) == [Grant(amount=400, beyond=500)]
    # Its own slice is replaced, not added to.
    assert leases.renew("a", [replace(ask, spent=100)]) == [Grant(amount=50, beyond=450)]
    assert leases.renew("b", [replace(ask, need=10_000)]) == [Grant(amount=850, beyond=0)]
    assert leases.renew("c", [replace(ask, need=1)]) == [Grant(amount=0, beyond=0)]
    assert leases.used(["key:k", "key:other"]) == {"key:k": {"day": 100}}


def test_what_is_given_back_is_there_for_others(leases: SqlLeaseStore, ask: Ask) -> None:
    leases.renew("a", [replace(ask, need=1000)])
    assert leases.renew("b", [ask])[0].amount == 0
    assert leases.renew("a", [replace(ask, spent=300, need=None)]) == [Grant(amount=0, beyond=700)]
    assert leases.renew("b", [ask])[0].amount == 70


def test_spending_beyond_the_bound_is_counted_and_leaves_nothing(leases: SqlLeaseStore, ask: Ask) -> None:
    leases.renew("a", [replace(ask, spent=1200)])
    assert leases.renew("b", [replace(ask, need=1)]) == [Grant(amount=0, beyond=0)]
    assert leases.used(["key:k"])["key:k"]["day"] == 1200
    # What was reserved too much comes back as a negative report.
    assert leases.renew("a", [replace(ask, spent=-700)]) == [Grant(amount=50, beyond=450)]


def test_the_slice_of_a_dead_gateway_falls_back_when_its_lease_ends(leases: SqlLeaseStore, engine: Any, ask: Ask) -> None:
    leases.renew("dead", [replace(ask, need=1000)])
    assert leases.renew("b", [replace(ask, need=1)])[0].amount == 0
    with engine.begin() as connection:
        connection.execute(update(limit_leases).values(expires_ns=now_ns() - 1))
    assert leases.renew("b", [replace(ask, need=1)])[0].amount == 100


def test_a_new_window_begins_anew_and_reports_of_the_old_are_dropped(leases: SqlLeaseStore, ask: Ask) -> None:
    leases.renew("a", [replace(ask, spent=900, need=100)])
    tomorrow = window_of("day", window_of("day", now_ns())[1])[0]
    assert leases.renew("b", [replace(ask, start_ns=tomorrow)]) == [Grant(amount=100, beyond=900)]
    assert leases.renew("a", [replace(ask, spent=50, need=1)]) == [Grant(amount=0, beyond=0)]
    assert leases.renew("b", [replace(ask, start_ns=tomorrow, spent=100)]) == [Grant(amount=90, beyond=810)]


def test_gateways_that_ask_at_once_never_get_more_than_there_is(leases: SqlLeaseStore, ask: Ask) -> None:
    got: list[int] = []

    def ask_for_300(holder: str) -> None:
        got.append(leases.renew(holder, [replace(ask, need=300)])[0].amount)

    threads = [threading.Thread(target=ask_for_300, args=(f"g{number}",)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(got) == 1000
    assert sorted(got)[:2] == [0, 0]


def test_limits_of_a_workspace_are_kept_and_told(engine: Any) -> None:
    owner = SqlUserStore(engine).add(UserRecord(id=new_id(), name="ann", created_ns=1))
    workspace = WorkspaceRecord(id=new_id(), name="w", display_name="W", created_ns=1)
    audit = AuditRecord(id=new_id(), workspace_id=workspace.id, at_ns=1, actor="ann", action="limits.set", target="limits/workspace")
    SqlWorkspaceStore(engine).add(workspace, owner.id, replace(audit, id=new_id()))
    store = SqlLimitStore(engine)
    assert store.get(workspace.id) is None
    store.put(workspace.id, Limits(requests_per_minute=5), audit)
    store.put(workspace.id, Limits(dollars_per_day=0.5), replace(audit, id=new_id()))
    assert store.get(workspace.id) == Limits(dollars_per_day=0.5)
    assert store.all() == store.all(workspace.id) == {workspace.id: Limits(dollars_per_day=0.5)}
    assert [event.kind for event in SqlEventLog(engine).since(0)] == ["limits", "limits"]
