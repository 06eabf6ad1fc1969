"""Breaker and cache alone, with a clock of their own."""

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowyard.endpoints.gateway.answer_cache import AnswerCache, cache_key
from flowyard.endpoints.gateway.auth import Principal
from flowyard.endpoints.gateway.breaker import Breaker
from flowyard.endpoints.routes.ports import RouteRecord
from flowyard.wire.routes import RouteBreaker, RouteCache, RouteSpec, RouteTarget

RULE = RouteBreaker(errors=3, window_s=10, open_s=5)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_on_failures_within_the_window_only() -> None:
    clock = Clock()
    breaker = Breaker(RULE, clock)
    for at in (0.0, 6.0, 12.0):
        clock.now = at
        breaker.broke()
    assert breaker.state == "closed"
    clock.now = 15.0
    breaker.broke()
    assert (breaker.state, breaker.allows()) == ("open", False)


def test_half_open_lets_one_call_pass_whose_end_decides() -> None:
    clock = Clock()
    breaker = Breaker(RULE, clock)
    for _ in range(3):
        breaker.broke()
    clock.now = 5.0
    assert breaker.state == "half-open"
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.broke()
    assert (breaker.state, breaker.allows()) == ("open", False)
    clock.now = 10.0
    assert breaker.allows()
    breaker.passed()
    assert (breaker.state, breaker.allows(), breaker.allows()) == ("closed", True, True)


def test_a_probe_that_never_ends_is_followed_by_another() -> None:
    clock = Clock()
    breaker = Breaker(RULE, clock)
    for _ in range(3):
        breaker.broke()
    clock.now = 5.0
    assert breaker.allows()
    clock.now = 9.9
    assert not breaker.allows()
    clock.now = 10.0
    assert breaker.allows()


def test_the_cache_is_bounded_and_forgets_what_was_used_longest_ago() -> None:
    clock = Clock()
    cache = AnswerCache(limit=3000, clock=clock)
    for name in (b"a", b"b"):
        cache.put(name, b"x" * 1000, b"t", b"m", 60)
    assert cache.get(b"a") is not None
    cache.put(b"c", b"x" * 1000, b"t", b"m", 60)
    assert (cache.get(b"b"), cache.get(b"a") is None, cache.size) == (None, False, 2400)
    cache.put(b"large", b"x" * 3001, b"t", b"m", 60)
    assert cache.get(b"large") is None
    clock.now = 60.0
    assert (cache.get(b"a"), cache.get(b"c"), cache.size) == (None, None, 0)


def _route(workspace: str, scope: Any, updated_ns: int = 1) -> RouteRecord:
    spec = RouteSpec(targets=(RouteTarget(model="m"),), cache=RouteCache(ttl_s=1, scope=scope, sampled=True))
    return RouteRecord(workspace_id=workspace, name="r", spec=spec, created_ns=1, updated_ns=updated_ns)


_JSON = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3))
_ASKED = st.dictionaries(st.sampled_from(["messages", "temperature", "seed", "tools", "stream", "n"]), _JSON, max_size=4)
_CALL = st.tuples(
    st.sampled_from(["w1", "w2"]), st.sampled_from(["key", "workspace"]), st.sampled_from(["k1", "k2"]), st.integers(1, 2), _ASKED
)


def _key(call: Any) -> bytes | None:
    workspace, scope, key, updated_ns, asked = call
    principal = Principal(workspace_id=workspace, actor=key, role="invoker", key=key, key_id=key)
    fields = {name: msgspec.Raw(msgspec.json.encode(value)) for name, value in asked.items()}
    return cache_key(_route(workspace, scope, updated_ns), principal, "chat/completions", fields)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # others may want the processor
@given(_CALL, _CALL)
def test_only_the_same_question_of_who_may_share_it_has_the_same_key(one: Any, other: Any) -> None:
    def shared(call: Any) -> Any:
        workspace, scope, key, updated_ns, asked = call
        return workspace, scope, key if scope == "key" else "", updated_ns, msgspec.json.encode(asked, order="sorted")

    assert (_key(one) == _key(other)) == (shared(one) == shared(other))
