"""The SQL of the telemetry queries. `spans` is the relation of one workspace's segments and tail, duplicates included."""

# ruff: noqa: S608 (only names of ours and quoted paths are put into the text; values are bound)

from collections.abc import Iterable, Mapping

from flowyard.storage.telemetry.searching import MODEL_CALL, SAME_CALL, Compiler, Parameters, about_root
from flowyard.tracing.ports import LAST, TraceFilter
from flowyard.tracing.rows import COLUMNS
from flowyard.tracing.search.model import Text
from flowyard.tracing.signals import SIGNALS, Signal
from flowyard.wire.traces import TraceOrder

#: What says which traces there are and when they began.
PLACES = ("trace_id", "span_id", "parent_id", "start_ns")
#: What a summary is made of.
NARROW = (
    "trace_id", "span_id", "parent_id", "start_ns", "duration_ns", "name", "kind", "status", "model", "endpoint", "flow",
    "prompt_tokens", "completion_tokens", "cost_micros", "currency", "service",
)  # fmt: skip
_NARROW = ", ".join(NARROW)
# A call that failed before the provider counted a token is not one whose price is unknown.
_UNPRICED = f"({MODEL_CALL} AND cost_micros IS NULL AND NOT (status = 'error' AND coalesce(prompt_tokens, completion_tokens) IS NULL))"
# Of the scores of one author for one name of one trace and span, the latest counts.
_LATEST = "row_number() OVER (PARTITION BY trace_id, span_id, name, author ORDER BY at_ns DESC, score_id DESC) = 1"
_COUNTING: dict[Signal, str] = {"scores": f" QUALIFY {_LATEST} AND NOT coalesce(withdrawn, false)"}
_ONCE = "QUALIFY row_number() OVER (PARTITION BY trace_id, span_id ORDER BY start_ns) = 1"
#: That `p` is the parent of `s`.
ABOVE = "p.trace_id = s.trace_id AND p.span_id = s.parent_id AND p.span_id != s.span_id"
_TELLING = "kind IN ('flow', 'llm', 'embedding', 'retrieval', 'tool', 'function')"


def relation(signal: Signal, files: Iterable[str], tail: str) -> str:
    """Return the common table expression of a signal's rows, over Parquet files of ours and the registered table `tail`."""
    columns = ", ".join(SIGNALS[signal].columns)
    listed = ", ".join(f"'{file.replace(chr(39), chr(39) * 2)}'" for file in files)
    stored = f"SELECT {columns} FROM read_parquet([{listed}], union_by_name=true) UNION ALL " if listed else ""
    return f"{signal} AS (SELECT * FROM ({stored}SELECT {columns} FROM {tail}){_COUNTING.get(signal, '')})"


def candidates(where: TraceFilter, found: Mapping[Text, str]) -> tuple[str, Parameters]:
    """Return the query for traces that are as `where` wants them and began in ``($floor, $upper]``, the latest first.

    All spans that began after `$floor` have to be in `spans`, up to `$latest`, after which none is of interest. A span whose parent
    began before looks like a root here: the caller compares the start with that of the whole trace's root, and asks there whether
    the root is as `where` wants it. `found`: see `Compiler`.
    """
    compiler = Compiler("start_ns > $floor AND start_ns <= $latest", found=found)
    some = "".join(f" AND {condition}" for condition in compiler.conditions(where.whole()))
    parameters = compiler.parameters
    query = f"""
        , s AS MATERIALIZED (
            SELECT trace_id, span_id, parent_id, start_ns FROM spans WHERE start_ns > $floor AND start_ns <= $latest{some}
        ),
        r AS (SELECT * FROM s WHERE NOT EXISTS (SELECT 1 FROM s AS p WHERE {ABOVE}))
        SELECT trace_id, min(start_ns) AS first_ns FROM r GROUP BY trace_id HAVING min(start_ns) <= $upper
        ORDER BY first_ns DESC, trace_id LIMIT $count OFFSET $skip"""
    return query, parameters


def summaries(where: TraceFilter) -> tuple[str, Parameters]:
    """Return the query for the roots and sums of those of the traces `$ids` whose root is as `where` wants it."""
    compiler = Compiler("trace_id IN (SELECT unnest($ids))", root="r.")
    condition = " AND ".join(["true", *compiler.conditions(about_root(where.whole()))])
    query = f"""
        , {_sums("SELECT unnest($ids)")}
        SELECT {_SUMMARY} FROM r JOIN t USING (trace_id) WHERE place = 1 AND {condition}"""
    return query, compiler.parameters


def ordered(where: TraceFilter, order: TraceOrder, found: Mapping[Text, str]) -> tuple[str, Parameters]:
    """Return the query for the summaries of the traces that are as `where` wants them and began in ``($floor, $upper]``, in `order`.

    Those come that stand after the place ``($place, $after)``, at most `$count`. All spans of the traces have to be in `spans`.
    """
    compiler = Compiler("start_ns > $floor AND start_ns <= $latest", found=found)
    some = "".join(f" AND {condition}" for condition in compiler.conditions(where.whole()))
    # The same names of parameters go on, for conditions that only whole traces answer.
    whole = Compiler("trace_id IN (SELECT trace_id FROM near)", root="r.", parameters=compiler.parameters)
    condition = " AND ".join(["true", *whole.conditions(about_root(where.whole()))])
    by, _, way = order.partition(":")
    value = _ORDERS[by] if way == "asc" else f"-({_ORDERS[by]})"
    query = f"""
        , near AS MATERIALIZED (SELECT DISTINCT trace_id FROM spans WHERE start_ns > $floor AND start_ns <= $latest{some}),
        {_sums("SELECT trace_id FROM near")},
        k AS (
            SELECT {_SUMMARY}, coalesce({value}, {LAST}) AS k FROM r JOIN t USING (trace_id)
            WHERE place = 1 AND r.start_ns > $floor AND r.start_ns <= $upper AND {condition}
        )
        SELECT * EXCLUDE (k) FROM k WHERE k > $place OR (k = $place AND trace_id > $after) ORDER BY k, trace_id LIMIT $count"""
    return query, compiler.parameters


_ORDERS = {
    "started": "r.start_ns",
    "duration": "r.duration_ns",
    "cost": "CASE WHEN t.unpriced OR len(t.currencies) > 1 THEN NULL ELSE t.cost_micros END",
    "tokens": "t.prompt_tokens + t.completion_tokens",
}
_SUMMARY = (
    "trace_id, r.span_id, r.start_ns, r.duration_ns, r.status, t.spans, t.prompt_tokens, t.completion_tokens, t.cost_micros, "
    "t.unpriced, t.currencies, t.models, t.shown"
)


def _sums(ids: str) -> str:
    """Return the tables `r` (spans, the root with ``place = 1``) and `t` (sums) of the traces that `ids` selects."""
    return f"""s AS (SELECT {_NARROW} FROM spans WHERE trace_id IN ({ids}) {_ONCE}),
        r AS (
            SELECT s.*, row_number() OVER (PARTITION BY s.trace_id ORDER BY p.span_id IS NOT NULL, s.start_ns, s.span_id) AS place
            FROM s LEFT JOIN s AS p ON {ABOVE}
        ),
        o AS (SELECT * FROM s WHERE service IS NULL AND {MODEL_CALL}),
        c AS (SELECT s.*, {MODEL_CALL} AND NOT (service IS NOT NULL AND EXISTS (SELECT 1 FROM o WHERE {SAME_CALL})) AS call FROM s),
        t AS (
            SELECT trace_id, count(*) AS spans,
                coalesce(sum(prompt_tokens) FILTER (call), 0)::BIGINT AS prompt_tokens,
                coalesce(sum(completion_tokens) FILTER (call), 0)::BIGINT AS completion_tokens,
                coalesce(sum(cost_micros) FILTER (call), 0)::BIGINT AS cost_micros,
                coalesce(bool_or(call AND {_UNPRICED}), false) AS unpriced,
                list_sort(list(DISTINCT currency) FILTER (call AND cost_micros IS NOT NULL)) AS currencies,
                list_sort(list(DISTINCT model) FILTER (call AND model IS NOT NULL)) AS models,
                arg_min(span_id, start_ns) FILTER ({_TELLING}) AS shown
            FROM c GROUP BY trace_id
        )"""


# Of a span that was sent twice with different times, the earlier counts here as everywhere.
RECORDS = (
    f"SELECT {', '.join(COLUMNS)} FROM spans WHERE span_id IN (SELECT unnest($span_ids)) AND trace_id IN (SELECT unnest($ids))"
    " ORDER BY start_ns"
)
TRACES = f"SELECT {', '.join(COLUMNS)} FROM spans WHERE trace_id IN (SELECT unnest($ids)) ORDER BY start_ns, span_id"
TRACE = f"SELECT {', '.join(COLUMNS)} FROM spans WHERE trace_id = $id ORDER BY start_ns, span_id"

# Parents that began up to `$before_ns` (a little before the period) are known, so that their children do not count as roots.
COUNTS = f"""
    , s AS (SELECT {_NARROW} FROM spans WHERE start_ns >= $before_ns {_ONCE}),
    r AS (SELECT * FROM s WHERE NOT EXISTS (SELECT 1 FROM s AS p WHERE {ABOVE})),
    c AS (SELECT * FROM r WHERE start_ns >= $since_ns AND (endpoint IS NOT NULL OR kind IN ('http', 'llm', 'embedding')))
    SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM c WHERE status = 'error'),
        (SELECT coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0)::BIGINT
         FROM s WHERE {MODEL_CALL} AND trace_id IN (SELECT trace_id FROM c))"""
