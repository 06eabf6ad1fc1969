"""``flowyard trace sessions`` and ``users``: conversations and users of the applications, with sums over their traces."""

from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit_table
from flowyard.cli.session import workspace
from flowyard.cli.trace_words import amount, moment

if TYPE_CHECKING:
    from flowyard.wire.telemetry import Conversation, TelemetryUser

Since = Annotated[str, typer.Option(help="With a trace then or later: 2026-11-23T04:00:00Z, or 2h, 7d ago.")]
Until = Annotated[str | None, typer.Option(help="With a trace before; now by default.")]
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many at most, the latest first.")]

_SUMS = ("traces", "errors", "tokens", "cost", "first", "last")


def list_sessions(*, since: Since = "24h", until: Until = None, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List conversations, the latest first; the traces of one: flowyard trace list --q session:ID.

    Example: flowyard trace sessions --since 7d
    """
    found = list(workspace().telemetry.sessions(since=since, until=until, limit=limit))
    rows = ((one.session_id, ", ".join(one.users), *_sums(one)) for one in found)
    emit_table(found, as_json=as_json, columns=("session", "users", *_SUMS), rows=rows, empty="No trace of the period names a session.")


def list_users(*, since: Since = "24h", until: Until = None, limit: Limit = 20, as_json: AsJson = False) -> None:
    """List the users of the applications, the latest first; the traces of one: flowyard trace list --q user:ID.

    Example: flowyard trace users --since 7d
    """
    found = list(workspace().telemetry.users(since=since, until=until, limit=limit))
    rows = ((one.user_id, one.sessions, *_sums(one)) for one in found)
    emit_table(found, as_json=as_json, columns=("user", "sessions", *_SUMS), rows=rows, empty="No trace of the period names a user.")


def _sums(one: "Conversation | TelemetryUser") -> tuple[object, ...]:
    from flowyard.wire.shared import Money

    cost = None if one.cost_micros is None else Money(micros=one.cost_micros, currency=one.currency)
    return one.traces, one.errors, one.prompt_tokens + one.completion_tokens, amount(cost), moment(one.first_at), moment(one.last_at)
