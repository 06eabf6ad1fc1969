"""The SQL of the telemetry queries. `spans` is the relation of one workspace's segments and tail, duplicates included."""

# ruff: noqa: S608 (only names of ours and quoted paths are put into the text; values are bound)

from collections.abc import Iterable

from flowyard.foundation.codecs import to_json
from flowyard.tracing.ports import TraceFilter
from flowyard.tracing.rows import COLUMNS

Parameters = dict[str, object]

_NARROW = (
    "trace_id, span_id, parent_id, start_ns, duration_ns, kind, status, model, endpoint, flow, "
    "prompt_tokens, completion_tokens, cost_micros, currency"
)
# Attributes whose text `TraceFilter.text` searches, next to the name.
_SEARCHED = (
    "flowyard.input",
    "flowyard.output",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "gen_ai.prompt",
    "gen_ai.completion",
)
_PATHS = ", ".join(f"""'$."{name}"'""" for name in _SEARCHED)
# Most spans fail the quick test over the whole text; only for the others JSON is taken apart.
_FOUND = f"""(contains(lower(name), lower($text)) OR CASE WHEN contains(lower(attributes), lower($json_text))
    THEN contains(lower(list_aggregate(TRY(json_extract(attributes, [{_PATHS}]))::VARCHAR[], 'string_agg', ' ')), lower($json_text))
    ELSE false END)"""
_MODEL_CALL = "kind IN ('llm', 'embedding')"
# A call that failed before the provider counted a token is not one whose price is unknown.
_UNPRICED = f"({_MODEL_CALL} AND cost_micros IS NULL AND NOT (status = 'error' AND coalesce(prompt_tokens, completion_tokens) IS NULL))"
_ONCE = "QUALIFY row_number() OVER (PARTITION BY trace_id, span_id ORDER BY start_ns) = 1"
_ABOVE = "p.trace_id = s.trace_id AND p.span_id = s.parent_id AND p.span_id != s.span_id"
_TELLING = "kind IN ('flow', 'llm', 'embedding', 'retrieval', 'tool', 'function')"


def spans(files: Iterable[str]) -> str:
    """Return the common table expression `spans` over Parquet files of ours and the registered table `tail`."""
    columns = ", ".join(COLUMNS)
    listed = ", ".join(f"'{file.replace(chr(39), chr(39) * 2)}'" for file in files)
    stored = f"SELECT {columns} FROM read_parquet([{listed}], union_by_name=true) UNION ALL " if listed else ""
    return f"spans AS (SELECT * FROM ({stored}SELECT {columns} FROM tail))"


def candidates(where: TraceFilter) -> tuple[str, Parameters]:
    """Return the query for traces that have the spans `where` asks for and began in ``($floor, $upper]``, the latest first.

    All spans that began after `$floor` have to be in `spans`, up to `$latest`, after which none is of interest. A span whose parent
    began before looks like a root here: the caller compares the start with that of the whole trace's root, and asks there whether
    the root is as `where` wants it.
    """
    conditions, parameters = _conditions(where)
    some = "".join(
        f" AND trace_id IN (SELECT trace_id FROM spans WHERE start_ns > $floor AND start_ns <= $latest AND {condition})"
        for condition in conditions
    )
    query = f"""
        , s AS (SELECT trace_id, span_id, parent_id, start_ns FROM spans WHERE start_ns > $floor AND start_ns <= $latest{some}),
        r AS (SELECT * FROM s WHERE NOT EXISTS (SELECT 1 FROM s AS p WHERE {_ABOVE}))
        SELECT trace_id, min(start_ns) AS first_ns FROM r GROUP BY trace_id HAVING min(start_ns) <= $upper
        ORDER BY first_ns DESC, trace_id LIMIT $count OFFSET $skip"""
    return query, parameters


def summaries(where: TraceFilter) -> tuple[str, Parameters]:
    """Return the query for the roots and sums of those of the traces `$ids` whose root is as `where` wants it."""
    condition, parameters = _root_condition(where)
    query = f"""
        , s AS (SELECT {_NARROW} FROM spans WHERE trace_id IN (SELECT unnest($ids)) {_ONCE}),
        r AS (
            SELECT s.*, row_number() OVER (PARTITION BY s.trace_id ORDER BY p.span_id IS NOT NULL, s.start_ns, s.span_id) AS place
            FROM s LEFT JOIN s AS p ON {_ABOVE}
        ),
        t AS (
            SELECT trace_id, count(*) AS spans,
                coalesce(sum(prompt_tokens) FILTER ({_MODEL_CALL}), 0)::BIGINT AS prompt_tokens,
                coalesce(sum(completion_tokens) FILTER ({_MODEL_CALL}), 0)::BIGINT AS completion_tokens,
                coalesce(sum(cost_micros) FILTER ({_MODEL_CALL}), 0)::BIGINT AS cost_micros,
                coalesce(bool_or({_UNPRICED}), false) AS unpriced,
                list_sort(list(DISTINCT currency) FILTER ({_MODEL_CALL} AND cost_micros IS NOT NULL)) AS currencies,
                list_sort(list(DISTINCT model) FILTER ({_MODEL_CALL} AND model IS NOT NULL)) AS models,
                arg_min(span_id, start_ns) FILTER ({_TELLING}) AS shown
            FROM s GROUP BY trace_id
        )
        SELECT r.trace_id, r.span_id, r.start_ns, r.duration_ns, r.status, t.spans, t.prompt_tokens, t.completion_tokens, t.cost_micros,
            t.unpriced, t.currencies, t.models, t.shown
        FROM (SELECT * FROM r WHERE place = 1 AND {condition}) AS r JOIN t ON t.trace_id = r.trace_id"""
    return query, parameters


RECORDS = f"SELECT {', '.join(COLUMNS)} FROM spans WHERE span_id IN (SELECT unnest($span_ids)) AND trace_id IN (SELECT unnest($ids))"
TRACE = f"SELECT {', '.join(COLUMNS)} FROM spans WHERE trace_id = $id ORDER BY start_ns, span_id"

# Parents that began up to `$before_ns` (a little before the period) are known, so that their children do not count as roots.
COUNTS = f"""
    , s AS (SELECT {_NARROW} FROM spans WHERE start_ns >= $before_ns {_ONCE}),
    r AS (SELECT * FROM s WHERE NOT EXISTS (SELECT 1 FROM s AS p WHERE {_ABOVE})),
    c AS (SELECT * FROM r WHERE start_ns >= $since_ns AND (endpoint IS NOT NULL OR kind IN ('http', 'llm', 'embedding')))
    SELECT (SELECT count(*) FROM c), (SELECT count(*) FROM c WHERE status = 'error'),
        (SELECT coalesce(sum(coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)), 0)::BIGINT
         FROM s WHERE {_MODEL_CALL} AND trace_id IN (SELECT trace_id FROM c))"""


def _root_condition(where: TraceFilter) -> tuple[str, Parameters]:
    parameters: Parameters = {name: value for name, value in (("status", where.status), ("kind", where.kind)) if value is not None}
    return " AND ".join(["true", *(f"{name} = ${name}" for name in parameters)]), parameters


def _conditions(where: TraceFilter) -> tuple[list[str], Parameters]:
    """Return the conditions for each of which the trace must have a span that fulfils it."""
    root, parameters = _root_condition(where)
    conditions = [root] if parameters else []
    for name, value in (("model", where.model), ("endpoint", where.endpoint), ("flow", where.flow)):
        if value is not None:
            conditions.append(f"{name} = ${name}")
            parameters[name] = value
    if where.text:
        conditions.append(_FOUND)
        parameters["text"] = where.text
        # As it stands within JSON, where quotes and line ends are escaped.
        parameters["json_text"] = to_json(where.text).decode()[1:-1]
    return conditions, parameters
