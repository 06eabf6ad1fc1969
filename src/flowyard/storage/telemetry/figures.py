"""Figures over spans as SQL. Each span counts once, though it may stand in two segments, or in one and the tail."""

# ruff: noqa: S608 (only names of ours are put into the text; values are bound)

from typing import cast

from flowyard.storage.telemetry.searching import MODEL_CALL, SAME_CALL, Compiler, Parameters
from flowyard.tracing.questions import Question, Value, nothing
from flowyard.tracing.search.model import SCORE, Field, Search, Term
from flowyard.wire.telemetry import Measure, Subject

COLUMNS: dict[str, str] = {
    "model": "model",
    "provider": "provider",
    "kind": "kind",
    "name": "name",
    "flow": "flow",
    "node": "node",
    "endpoint": "endpoint",
    "deployment": "deployment",
    "status": "status",
    "run": "run_id",
    "session": "session_id",
    "user": "user_id",
    "key": "api_key",
    "service": "service",
    "error": "error_type",
}
_TOKENS = "coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)"
_UNPRICED = f"{MODEL_CALL} AND cost_micros IS NULL AND NOT (status = 'error' AND coalesce(prompt_tokens, completion_tokens) IS NULL)"
#: Each measure as SQL. Durations are milliseconds.
MEASURES: dict[Measure, str] = {
    "count": "count(*)",
    "errors": "count(*) FILTER (status = 'error')",
    "error_rate": "count(*) FILTER (status = 'error') / nullif(count(*), 0)::DOUBLE",
    "duration_avg": "avg(duration_ns) / 1e6",
    "duration_p50": "quantile_cont(duration_ns, 0.50) / 1e6",
    "duration_p90": "quantile_cont(duration_ns, 0.90) / 1e6",
    "duration_p95": "quantile_cont(duration_ns, 0.95) / 1e6",
    "duration_p99": "quantile_cont(duration_ns, 0.99) / 1e6",
    "duration_max": "max(duration_ns) / 1e6",
    "first_token_p50": "quantile_cont(first_token_ns, 0.50) / 1e6",
    "first_token_p95": "quantile_cont(first_token_ns, 0.95) / 1e6",
    "prompt_tokens": f"coalesce(sum(prompt_tokens) FILTER ({MODEL_CALL}), 0)::BIGINT",
    "completion_tokens": f"coalesce(sum(completion_tokens) FILTER ({MODEL_CALL}), 0)::BIGINT",
    "tokens": f"coalesce(sum({_TOKENS}) FILTER ({MODEL_CALL}), 0)::BIGINT",
    # Where no call has a known price, neither has their sum.
    "cost": f"CASE WHEN count(*) FILTER ({_UNPRICED}) > 0 AND count(cost_micros) FILTER ({MODEL_CALL}) = 0 THEN NULL"
    f" ELSE coalesce(sum(cost_micros) FILTER ({MODEL_CALL} AND currency = $currency), 0)::BIGINT END",
    "unpriced": f"count(*) FILTER ({_UNPRICED})",
    "sessions": "count(DISTINCT session_id)",
    "users": "count(DISTINCT user_id)",
    "traces": "count(DISTINCT trace_id)",
}
# A call that its application reported by OTLP and that went through the gateway, which reported it too, counts as the gateway's.
_OURS = (
    f"(service IS NOT NULL AND EXISTS (SELECT 1 FROM (SELECT * FROM once WHERE service IS NULL AND {MODEL_CALL}) AS o WHERE {SAME_CALL}))"
)
_SUBJECTS: dict[Subject, str] = {
    "calls": MODEL_CALL,
    "requests": "(parent_id IS NULL OR (kind = 'http' AND service IS NULL))",
    "spans": "true",
}
#: What any question needs of a span; its attributes are read only where a search looks into them.
_NARROW = (
    "trace_id, span_id, parent_id, name, kind, status, start_ns, duration_ns, model, provider, flow, node, endpoint, deployment, run_id, "
    "prompt_tokens, completion_tokens, cost_micros, currency, session_id, user_id, service, api_key, error_type, first_token_ns"
)
#: Whether any span of the period came by OTLP; what Parquet tells of its columns answers that mostly.
FOREIGN = "SELECT 1 FROM spans WHERE service IS NOT NULL AND start_ns >= $since_ns AND start_ns < $until_ns LIMIT 1"
_ONCE = "QUALIFY row_number() OVER (PARTITION BY trace_id, span_id ORDER BY start_ns) = 1"


class _SpanCompiler(Compiler):
    """A search about each span by itself, not about its trace."""

    def _some(self, condition: str) -> str:
        return f"coalesce(({condition}), false)"

    def _root(self, known: Field, term: Term, *, may: bool) -> str:
        del may  # a span tells of itself
        return self._some(self._compare(known.column, term))

    def _sum(self, known: Field, term: Term) -> str:
        column = _TOKENS if known.column == "tokens" else known.column
        return self._some(self._compare(f"coalesce({column}, 0)", term))


def matching(search: Search) -> tuple[str, Parameters]:
    """Return the condition that a span fulfils which a search about each span by itself wants, and its parameters."""
    compiler = _SpanCompiler("true")
    return compiler.conditions([search])[0], compiler.parameters


def once(*, shared: bool, attributes: bool) -> str:
    """Return the relation `once`: the spans of the period, each one time.

    Args:
        shared: some traces stand in several places; their suffixes are in the table ``again``.
        attributes: the search looks into attributes.
    """
    columns = _NARROW + (", attributes" if attributes else "")
    within = "start_ns >= $since_ns AND start_ns < $until_ns"
    if not shared:
        return f"once AS (SELECT {columns} FROM spans WHERE {within})"
    again = "right(trace_id, 16) IN (SELECT suffix FROM again)"
    return (
        f"once AS (SELECT {columns} FROM spans WHERE {within} AND NOT {again}"
        f" UNION ALL SELECT * FROM (SELECT {columns} FROM spans WHERE {within} AND {again} {_ONCE}))"
    )


def figures(question: Question, *, foreign: bool) -> tuple[str, Parameters, bool]:
    """Return the query over `once`, its parameters, and whether the search looks into attributes.

    `foreign`: some spans came by OTLP, so that a call may have been reported twice.
    """
    search, parameters = ("true", {}) if question.search is None else matching(question.search)
    where = f"{_SUBJECTS[question.subject]} AND {search}"
    if foreign and question.subject == "calls":
        where += f" AND NOT {_OURS}"
    scored = [name.removeprefix(SCORE) for name in question.group_by if name.startswith(SCORE)]
    groups = [f"score{scored.index(name.removeprefix(SCORE))}" if name.startswith(SCORE) else COLUMNS[name] for name in question.group_by]
    measures = [MEASURES[name] for name in question.measures]
    bucket = []
    if question.grain_ns is not None:
        parameters["grain"] = question.grain_ns
        bucket = ["(start_ns // $grain) * $grain"]
    keys = [f"{expression} AS g{place}" for place, expression in enumerate([*bucket, *groups])]
    values = [f"{expression} AS m{place}" for place, expression in enumerate(measures)]
    grouped = ", ".join(f"g{place}" for place in range(len(keys)))
    if not groups:
        by = f" GROUP BY {grouped} ORDER BY g0" if grouped else ""
        return f"SELECT {', '.join([*keys, *values])} FROM once AS s WHERE {where}{by}", parameters, "attributes" in where
    parameters["limit"] = question.limit + 1
    # Which groups there are, the greatest first; then their rows.
    names = [f"g{place + len(bucket)}" for place in range(len(groups))]
    first = f"SELECT {', '.join(f'{column} AS {name}' for column, name in zip(groups, names, strict=True))}, {measures[0]} AS first"
    wanted = _only(question, names, parameters)
    top = f"{first} FROM kept GROUP BY {', '.join(names)}{wanted} ORDER BY first DESC NULLS LAST, {', '.join(names)} LIMIT $limit"
    same = " AND ".join(f"r.{name} IS NOT DISTINCT FROM t.{name}" for name in names)
    time = ", r.g0" if bucket else ""
    order = ", ".join(f"t.{name}" for name in names)
    looked_up = "".join(f", (SELECT v FROM scored{place} WHERE id = s.trace_id) AS score{place}" for place in range(len(scored)))
    query = (
        f"{_scored(scored, parameters)}kept AS (SELECT s.*{looked_up} FROM once AS s WHERE {where}), top AS ({top}),"
        f" r AS (SELECT {', '.join([*keys, *values])} FROM kept GROUP BY {grouped})"
        f" SELECT r.* FROM r JOIN top AS t ON {same} ORDER BY t.first DESC NULLS LAST, {order}{time}"
    )
    return query, parameters, "attributes" in where


def _scored(names: list[str], parameters: Parameters) -> str:
    """Return a relation for each score: what its latest one says, by the trace's id. A value that is whole is written without a point."""
    said = "coalesce(label, CASE WHEN value = floor(value) AND abs(value) < 1e15 THEN value::BIGINT::VARCHAR ELSE value::VARCHAR END)"
    latest = "QUALIFY row_number() OVER (PARTITION BY trace_id ORDER BY at_ns DESC, score_id DESC) = 1"
    for place, name in enumerate(names):
        parameters[f"scored{place}"] = name
    return "".join(
        f"scored{place} AS (SELECT trace_id AS id, {said} AS v FROM scores WHERE name = $scored{place} AND {said} IS NOT NULL {latest}), "
        for place in range(len(names))
    )


def _only(question: Question, names: list[str], parameters: Parameters) -> str:
    """Return the condition on groups that only some are wanted."""
    if question.only is None:
        return ""
    same: list[str] = []
    for group in question.only:
        parts: list[str] = []
        for name, value in zip(names, group, strict=True):
            parameters[f"only{len(parameters)}"] = value
            parts.append(f"{name} IS NOT DISTINCT FROM ${next(reversed(parameters))}")
        same.append(f"({' AND '.join(parts)})")
    return f" HAVING {' OR '.join(same)}"


def filled(rows: list[tuple[Value, ...]], question: Question) -> list[tuple[Value, ...]]:
    """Return the rows of a series with those of the buckets in which nothing happened."""
    grain = question.grain_ns
    if grain is None:
        return rows
    first, last = question.since_ns // grain, (question.until_ns - 1) // grain
    end = 1 + len(question.group_by)
    found: dict[tuple[Value, ...], dict[int, tuple[Value, ...]]] = {}
    for row in rows:
        found.setdefault(row[1:end], {})[int(cast("int", row[0])) // grain] = row
    if not question.group_by:
        found = found or {(): {}}
    found = {
        group: {int(cast("int", row[0])) // grain: row for row in nothing(question, group)} | by_bucket
        for group, by_bucket in found.items()
    }
    return [by_bucket[bucket] for by_bucket in found.values() for bucket in range(first, last + 1)]


def tallies(by: str) -> str:
    """Return the query over `once` for sums by ``session`` or ``user``."""
    of, others = ("session_id", "user_id") if by == "session" else ("user_id", "session_id")
    call = f"{MODEL_CALL} AND NOT {_OURS}"
    return f"""
        named AS (SELECT trace_id, any_value({of}) AS id, any_value({others}) AS other FROM once WHERE {of} IS NOT NULL GROUP BY trace_id),
        t AS (
            SELECT trace_id, bool_or(status = 'error' AND {_SUBJECTS["requests"]}) AS failed,
                min(start_ns) AS first_ns, max(start_ns) AS last_ns,
                coalesce(sum(prompt_tokens) FILTER (call), 0)::BIGINT AS prompt_tokens,
                coalesce(sum(completion_tokens) FILTER (call), 0)::BIGINT AS completion_tokens,
                coalesce(sum(cost_micros) FILTER (call), 0)::BIGINT AS cost,
                count(DISTINCT currency) FILTER (call AND cost_micros IS NOT NULL) AS currencies,
                any_value(currency) FILTER (call AND cost_micros IS NOT NULL) AS currency,
                bool_or({_UNPRICED}) AS unpriced
            FROM (SELECT *, {call} AS call FROM once AS s WHERE trace_id IN (SELECT trace_id FROM named)) GROUP BY trace_id
        )
        SELECT id, list_sort(list(DISTINCT other) FILTER (other IS NOT NULL)), count(*), count(*) FILTER (failed),
            sum(prompt_tokens)::BIGINT, sum(completion_tokens)::BIGINT,
            CASE WHEN bool_or(unpriced) OR max(currencies) > 1 THEN NULL ELSE sum(cost)::BIGINT END, coalesce(any_value(currency), 'USD'),
            min(first_ns), max(last_ns)
        FROM t JOIN named USING (trace_id) GROUP BY id ORDER BY max(last_ns) DESC, id LIMIT $limit"""
