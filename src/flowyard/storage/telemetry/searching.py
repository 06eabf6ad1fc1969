"""A search as SQL over `spans`: conditions on a trace, each true or false for a ``trace_id``."""

# ruff: noqa: S608 (only names of ours are put into the text; values are bound)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from flowyard.foundation.codecs import to_json
from flowyard.tracing.search.model import ATTRIBUTE, FIELDS, SCORE, All, Any, Field, Not, Operator, Outside, Search, Term, Text, asks_root

Parameters = dict[str, object]

MODEL_CALL = "kind IN ('llm', 'embedding')"
#: Whether `o`, a call that the gateway reported, is the same as `s`, one that an application reported (`tracing.service.counted_calls`).
SAME_CALL = (
    "o.trace_id = s.trace_id AND (o.model IS NOT DISTINCT FROM s.model OR "
    "(o.prompt_tokens IS NOT DISTINCT FROM s.prompt_tokens AND o.completion_tokens IS NOT DISTINCT FROM s.completion_tokens))"
)
# Attributes whose text a search goes through, next to the name.
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
_SUMS = {
    "cost_micros": "cost_micros",
    "tokens": "coalesce(prompt_tokens, 0) + coalesce(completion_tokens, 0)",
    "prompt_tokens": "prompt_tokens",
    "completion_tokens": "completion_tokens",
}


@dataclass(slots=True)
class Compiler:
    """Turns searches into SQL; `parameters` gathers their values.

    Args:
        within: which spans are looked at, a condition on them.
        root: what the root's columns are named with (``r.``) where the whole trace is known; None: a term about the root is taken to
            hold where it might, so that no trace is missed.
        found: the tables of traces and times in which texts were looked up already (`finding`).
    """

    within: str
    root: str | None = None
    parameters: Parameters = field(default_factory=dict[str, object])
    found: Mapping[Text, str] = field(default_factory=dict[Text, str])

    def conditions(self, searches: Sequence[Search]) -> list[str]:
        """Return one condition for each search."""
        return [self._condition(search, may=True) for search in searches]

    def _condition(self, search: Search, *, may: bool) -> str:  # noqa: PLR0911 - one for each kind
        """Return a condition; `may`: where it cannot be told for certain, it holds (within a negation: it does not)."""
        match search:
            case Term():
                return self._term(search, may=may)
            case Text() if search in self.found:
                return f"trace_id IN (SELECT trace_id FROM {self.found[search]} WHERE {self.within})"
            case Text():
                return self._some(self.text(search))
            case Outside():
                return f"trace_id NOT IN (SELECT unnest({self._bind(list(search.trace_ids))}))"
            case Not():
                return f"NOT ({self._condition(search.what, may=not may)})"
            case All():
                return "(" + " AND ".join(self._condition(one, may=may) for one in search.of) + ")"
            case Any() if (column := _column_of(search)) is not None:
                return self._some("(" + " OR ".join(self._compare(column, term) for term in search.of if isinstance(term, Term)) + ")")
            case Any():
                return "(" + " OR ".join(self._condition(one, may=may) for one in search.of) + ")"
            case _:
                assert_never(search)

    def _term(self, term: Term, *, may: bool) -> str:
        if term.field.startswith(SCORE):
            return self._score(term)
        if term.field.startswith(ATTRIBUTE):
            return self._attribute(term)
        known = FIELDS[term.field]
        if known.scope == "trace":
            return self._sum(known, term)
        if known.scope == "root":
            return self._root(known, term, may=may)
        negated = term.operator == "!="
        found = self._some(self._compare(known.column, term if not negated else Term(term.field, "=", term.value, exact=term.exact)))
        return f"NOT ({found})" if negated else found

    def _root(self, known: Field, term: Term, *, may: bool) -> str:
        if self.root is not None:
            return f"coalesce({self._compare(self.root + known.column, term)}, false)"
        # Which span is the root is not known here: some span fulfils it where the root does.
        return self._some(self._compare(known.column, term)) if may else "false"

    def _some(self, condition: str) -> str:
        return f"trace_id IN (SELECT trace_id FROM spans WHERE {self.within} AND {condition})"

    def _sum(self, known: Field, term: Term) -> str:
        # A trace without model calls has a sum too: 0.
        value = f"any_value(CASE WHEN {MODEL_CALL} THEN {_SUMS[known.column]} END)"
        having = f"coalesce(sum(v), 0) {_sql(term.operator)} {self._bind(term.value)}"
        each = f"SELECT trace_id, {value} AS v FROM spans WHERE {self.within} GROUP BY trace_id, span_id"
        return f"trace_id IN (SELECT trace_id FROM ({each}) GROUP BY trace_id HAVING {having})"

    def _score(self, term: Term) -> str:
        name = self._bind(term.field.removeprefix(SCORE))
        value = self._bind(term.value)
        if isinstance(term.value, str):
            number = f" OR value = TRY_CAST({value} AS DOUBLE)"
            same = f"(label = {value} OR lower(label) = lower({value}){number})"
            condition = f"NOT {same}" if term.operator == "!=" else same
        else:
            condition = f"value {_sql(term.operator)} {value}"
        return f"trace_id IN (SELECT trace_id FROM scores WHERE name = {name} AND {condition})"

    def _attribute(self, term: Term) -> str:
        name = term.field.removeprefix(ATTRIBUTE)
        path = self._bind('$."' + name.replace('"', "") + '"')
        found = f"TRY(json_extract_string(attributes, {path}))"
        # Most spans have no such attribute: a look at the text spares taking its JSON apart.
        has = f"contains(attributes, {self._bind(name)})"
        if isinstance(term.value, str):
            positive = Term(term.field, "=", term.value, exact=term.exact)
            some = self._some(f"{has} AND {self._compare(found, positive)}")
            return f"NOT ({some})" if term.operator == "!=" else some
        return self._some(f"{has} AND TRY_CAST({found} AS DOUBLE) {_sql(term.operator)} {self._bind(term.value)}")

    def _compare(self, column: str, term: Term) -> str:
        value = term.value
        if isinstance(value, str) and "*" in value and not term.exact:
            pattern = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_").replace("*", "%")
            return f"{column} {'NOT ' if term.operator == '!=' else ''}ILIKE {self._bind(pattern)} ESCAPE '\\'"
        return f"{column} {_sql(term.operator)} {self._bind(value)}"

    def text(self, search: Text) -> str:
        """Return the condition on a span that it holds a text."""
        text = self._bind(search.text)
        # As it stands within JSON, where quotes and line ends are escaped.
        quoted = self._bind(to_json(search.text).decode()[1:-1])
        # Most spans fail the quick test over the whole text; only for the others JSON is taken apart.
        return f"""(contains(lower(name), lower({text})) OR CASE WHEN contains(lower(attributes), lower({quoted}))
            THEN contains(lower(list_aggregate(TRY(json_extract(attributes, [{_PATHS}]))::VARCHAR[], 'string_agg', ' ')), lower({quoted}))
            ELSE false END)"""

    def _bind(self, value: object) -> str:
        name = f"q{len(self.parameters)}"
        self.parameters[name] = value
        return f"${name}"


def _column_of(search: Any) -> str | None:
    """Return the column of spans that all of it is about, where one look at the spans tells whether any of it holds."""
    fields = {term.field if isinstance(term, Term) and term.operator != "!=" else "" for term in search.of}
    known = FIELDS.get(fields.pop()) if len(fields) == 1 else None
    return known.column if known is not None and known.scope == "span" else None


def texts_of(searches: Sequence[Search]) -> list[Text]:
    """Return the texts that searches name, each once."""
    return list(dict.fromkeys(text for search in searches for text in _texts(search)))


def _texts(search: Search) -> list[Text]:
    match search:
        case Term() | Outside():
            return []
        case Text():
            return [search]
        case Not():
            return _texts(search.what)
        case All() | Any():
            return [text for one in search.of for text in _texts(one)]


def uses_scores(searches: Sequence[Search]) -> bool:
    """Whether a search asks for scores."""
    return any(_uses(search) for search in searches)


def _uses(search: Search) -> bool:
    match search:
        case Term():
            return search.field.startswith(SCORE)
        case Text() | Outside():
            return False
        case Not():
            return _uses(search.what)
        case All() | Any():
            return any(_uses(one) for one in search.of)


def about_root(searches: Sequence[Search]) -> list[Search]:
    """Return the searches that only the whole trace answers."""
    return [search for search in searches if asks_root(search)]


def _sql(operator: Operator) -> str:
    return "<>" if operator == "!=" else operator
