"""Counts traces by the values of their fields: `TelemetryQueries.facets`, in one query."""

# ruff: noqa: S608 (only names of ours are put into the text; values are bound)

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from flowyard.foundation.clock import HOUR_NS
from flowyard.storage.telemetry.finding import Finding
from flowyard.storage.telemetry.queries import END_NS, margin, segments_near, windows
from flowyard.storage.telemetry.reading import Reader
from flowyard.storage.telemetry.searching import Compiler, Parameters, about_root, uses_scores
from flowyard.storage.telemetry.statements import ABOVE
from flowyard.tracing.ports import FacetCount, FacetCounts, FacetWish, TraceFilter
from flowyard.tracing.search.choices import Choices, choices_of, chosen_field
from flowyard.tracing.search.model import ATTRIBUTE, FIELDS, SCORE

#: About so many of the newest spans are counted, and where their attributes are asked for, one in so many of them.
MOST_ROWS, _ATTRIBUTES_SHARE = 200_000, 4
# A longer value is nothing to choose from.
_LONGEST = 200
_ROOT = ("trace_id", "span_id", "parent_id", "start_ns", "duration_ns", "name", "kind", "status")
_TOLD = "trace_id NOT IN (SELECT unnest($withheld))"
# A score whose numbers are more than that is counted in ranges.
_FEW_NUMBERS = 8


class StoredFacets:
    """Counts the traces of a period; where it holds more than about `most_rows` spans, those of the newest."""

    def __init__(self, reader: Reader, *, most_rows: int = MOST_ROWS) -> None:
        self._reader = reader
        self._most_rows = most_rows

    def facets(self, workspace_id: str, where: TraceFilter, wish: FacetWish) -> FacetCounts:
        """See `TelemetryQueries.facets`."""
        lowest = -END_NS if where.since_ns is None else max(-END_NS, where.since_ns - 1)
        upper = END_NS if where.until_ns is None else min(END_NS, where.until_ns - 1)
        if upper <= lowest:
            return FacetCounts(values=[], traces=0, after_ns=None)
        source = self._reader.source(workspace_id, None if where.since_ns is None else where.since_ns - HOUR_NS)
        within = [segment for segment in segments_near(source.segments, where, upper) if segment.max_start_ns > lowest]
        slow = any(field.startswith(ATTRIBUTE) for field in wish.fields)
        most_rows = self._most_rows // (_ATTRIBUTES_SHARE if slow else 1)
        _, floor = next(windows(source.only(within), upper, lowest, lambda: 0.0, most_rows))
        after_ns = floor if floor > lowest else None
        # A trace that began before is told by a root that stands in an earlier segment.
        source = source.only(
            [segment for segment in segments_near(source.segments, where, upper) if segment.max_start_ns > floor - HOUR_NS]
        )
        if uses_scores(where.whole()) or any(_is_score(field) for field in wish.fields):
            source = replace(source, scores=self._reader.source(workspace_id, signal="scores"))
        latest = min(END_NS, upper + margin(where))
        finding = Finding(self._reader, where.whole(), latest)
        looked_up = finding.within(source, floor)
        if looked_up is None:
            return FacetCounts(values=[], traces=0, after_ns=after_ns)
        query, parameters = _Statement(wish, choices_of(where.whole(), _counted(where, wish)), finding).made()
        bounds: Parameters = {"floor": floor, "upper": upper, "latest": latest, "before": max(-END_NS, floor - HOUR_NS)}
        (_, _, _, traces, *_), *rows = self._reader.fetch(looked_up, query, {**parameters, **bounds})
        values = [
            FacetCount(field=field, value=value, upto=upto, traces=number, group=group, distinct=distinct)
            for field, value, upto, number, group, distinct in rows
        ]
        return FacetCounts(values=values, traces=traces, after_ns=after_ns)


def _is_score(field: str) -> bool:
    return field == "score" or field.startswith(SCORE)


def _counted(where: TraceFilter, wish: FacetWish) -> tuple[str, ...]:
    """Return the fields that are counted, among them, where all scores are, those by which traces are chosen."""
    named = {chosen_field(search) or "" for search in where.whole()} if "score" in wish.fields else set[str]()
    return tuple(dict.fromkeys((*wish.fields, *sorted(name for name in named if name.startswith(SCORE)))))


@dataclass(slots=True)
class _Statement:
    """The query for the counts of the traces that are as `choices` want them and began in ``($floor, $upper]``.

    What is chosen of a field does not narrow the counts of that field itself: they say what another choice would find.
    """

    wish: FacetWish
    choices: Choices
    finding: Finding

    def made(self) -> tuple[str, Parameters]:
        """Return the query and its parameters.

        Its rows are a field, a value (of a range its begin, and its end), how many traces have it, its group, and how many values of the
        field there are. The first one has no field: it counts all traces.
        """
        compiler = Compiler("start_ns > $floor AND start_ns <= $latest", found=self.finding.names)
        some = "".join(f" AND {condition}" for condition in compiler.conditions(self.choices.common))
        parameters = compiler.parameters
        # The same names of parameters go on, for conditions that only whole traces answer.
        whole = Compiler("trace_id IN (SELECT trace_id FROM near)", root="r.", parameters=parameters)
        condition = " AND ".join(["true", *whole.conditions(about_root(self.choices.common))])
        choosing = Compiler("start_ns > $before AND start_ns <= $latest", root="r.", parameters=parameters)
        chosen = [" AND ".join(choosing.conditions(searches)) for searches in self.choices.chosen.values()]
        flags = "".join(f", {condition} AS chosen{place}" for place, condition in enumerate(chosen))
        parameters |= {
            "limit": self.wish.limit,
            "longest": _LONGEST,
            "named": [f"{field}={value}" for field, value in self.choices.values()],
        }
        if self.wish.find:
            parameters["find"] = self.wish.find
        query = f"""
            , near AS MATERIALIZED (SELECT DISTINCT trace_id FROM spans WHERE start_ns > $floor AND start_ns <= $latest{some}),
            s AS MATERIALIZED (
                SELECT {self._columns()} FROM spans
                WHERE start_ns > $before AND start_ns <= $latest AND trace_id IN (SELECT trace_id FROM near)
            ),
            r AS (
                SELECT s.trace_id, s.start_ns, s.duration_ns, s.name, s.kind, s.status FROM s LEFT JOIN s AS p ON {ABOVE}
                QUALIFY row_number() OVER (PARTITION BY s.trace_id ORDER BY p.span_id IS NOT NULL, s.start_ns, s.span_id) = 1
            ),
            kept AS MATERIALIZED (SELECT *{flags} FROM r WHERE start_ns > $floor AND start_ns <= $upper AND {condition}),
            j AS MATERIALIZED (SELECT s.*{"".join(f", chosen{place}" for place in range(len(chosen)))} FROM s JOIN kept USING (trace_id)),
            counted AS ({" UNION ALL ".join(self._counts(parameters))}),
            ranked AS (
                SELECT field, value, upto, traces, grouped, count(*) OVER (PARTITION BY field) AS many FROM counted
                QUALIFY row_number() OVER (PARTITION BY field ORDER BY traces DESC, value) <= $limit
                    OR list_contains($named, concat(field, '=', value))
            )
            SELECT NULL AS field, NULL AS value, NULL AS upto, count(*) AS traces, NULL AS grouped, 0 AS many
            FROM kept WHERE {self._held("")}
            UNION ALL SELECT * FROM ranked ORDER BY field NULLS FIRST, traces DESC, value"""
        return query, parameters

    def _held(self, field: str) -> str:
        """Return the condition that a trace is as it is chosen by all other fields."""
        return " AND ".join(["true", *(f"chosen{place}" for place, name in enumerate(self.choices.chosen) if name != field)])

    def _columns(self) -> str:
        asked = (FIELDS[field].column for field in self.wish.fields if field in FIELDS)
        more = ("attributes",) if any(field.startswith(ATTRIBUTE) for field in self.wish.fields) else ()
        return ", ".join(dict.fromkeys((*_ROOT, "provider", *asked, *more)))

    def _counts(self, parameters: Parameters) -> Iterator[str]:
        """Yield a query for each field: its name, values, how many traces have each, and their group."""
        if any(_is_score(field) or field.startswith(ATTRIBUTE) for field in self.wish.fields):
            parameters["withheld"] = list(self.wish.withheld)
        alone = [field for field in self.choices.chosen if field not in self.wish.fields]
        for place, field in enumerate((*self.wish.fields, *alone)):
            if _is_score(field):
                yield self._scores(field, place, parameters)
                continue
            parameters[f"field{place}"] = field
            held = self._held(field)
            if field.startswith(ATTRIBUTE):
                parameters[f"name{place}"] = name = field.removeprefix(ATTRIBUTE)
                parameters[f"path{place}"] = '$."' + name.replace('"', "") + '"'
                said = f"CASE WHEN contains(attributes, $name{place}) THEN TRY(json_extract_string(attributes, $path{place})) END"
                column, relation, group = "v", f"(SELECT *, {said} AS v FROM j WHERE {_TOLD})", "NULL"
            else:
                column, group = FIELDS[field].column, "mode(provider)" if field == "model" else "NULL"
                relation = "kept" if FIELDS[field].scope == "root" else "j"
            yield (
                f"SELECT $field{place} AS field, {column} AS value, NULL AS upto, count(DISTINCT trace_id) AS traces, {group} AS grouped"
                f" FROM {relation} WHERE {self._wanted(column)} AND {held} GROUP BY {column}"
            )

    def _scores(self, field: str, place: int, parameters: Parameters) -> str:
        """Return the query for one score, or for all that are not counted by themselves: labels, and numbers, many in round ranges."""
        parameters[f"field{place}"] = [name.removeprefix(SCORE) for name in (self.choices.chosen if field == "score" else (field,))]
        named = f" AND {'NOT ' if field == 'score' else ''}list_contains($field{place}, name)"
        kept = f"(SELECT trace_id FROM kept WHERE {self._held(field)}) AS kept"
        number = "label IS NULL AND steps.step IS NOT NULL"
        value = f"CASE WHEN {number} THEN {_written('floor(value / step) * step')} ELSE coalesce(label, {_written('value')}) END"
        upto = f"CASE WHEN {number} THEN {_written('floor(value / step) * step + step')} END"
        return f"""
            SELECT '{SCORE}' || name AS field, v AS value, upto, count(DISTINCT trace_id) AS traces, NULL AS grouped FROM (
                SELECT trace_id, name, {value} AS v, {upto} AS upto
                FROM scores SEMI JOIN {kept} USING (trace_id) LEFT JOIN ({_steps(kept)}) AS steps USING (name)
                WHERE {_TOLD}{named} AND regexp_full_match(name, '[\\w.\\-/]+')
            ) WHERE {self._wanted("v")} GROUP BY name, v, upto"""

    def _wanted(self, column: str) -> str:
        some = f"{column} IS NOT NULL AND {column} != '' AND length({column}) <= $longest"
        return f"{some} AND contains(lower({column}), lower($find))" if self.wish.find else some


def _written(number: str) -> str:
    """Return a number as text: one that is whole without a point."""
    rounded = f"round({number}, 10)"
    return (
        f"CASE WHEN {rounded} = floor({rounded}) AND abs({rounded}) < 1e15 THEN ({rounded})::BIGINT::VARCHAR ELSE ({rounded})::VARCHAR END"
    )


def _steps(kept: str) -> str:
    """Return the query for how long the ranges of each score are: four to ten, of a round length.

    That is a fifth, a half, the whole or twice the power of ten below its extent.
    """
    return f"""
        SELECT name, CASE WHEN extent < 2 * tens THEN tens / 5 WHEN extent < 4 * tens THEN tens / 2
                WHEN extent < 8 * tens THEN tens ELSE 2 * tens END AS step FROM (
            SELECT name, max(value) - min(value) AS extent, pow(10, floor(log10(max(value) - min(value)))) AS tens
            FROM scores SEMI JOIN {kept} USING (trace_id) WHERE label IS NULL AND isfinite(value)
            GROUP BY name HAVING count(DISTINCT value) > {_FEW_NUMBERS}
        )"""
