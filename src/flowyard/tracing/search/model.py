"""A search as a tree, and the fields that it may name."""

from dataclasses import dataclass
from typing import Literal, get_args

from flowyard.tracing.model import SpanKind, SpanStatus

Operator = Literal["=", "!=", ">", ">=", "<", "<="]
#: What a field's value is: a word, a duration in nanoseconds, an amount in millionths, a whole number, a number.
FieldKind = Literal["word", "duration", "money", "count", "number"]
#: Whose the field is: any span of the trace may fulfil the term, only the root may, or the sum over all model calls does.
Scope = Literal["span", "root", "trace"]


@dataclass(frozen=True, slots=True)
class Field:
    """A field that a search may name. `column` is the span's, for `scope` ``trace`` what is summed."""

    column: str
    scope: Scope
    kind: FieldKind
    meaning: str
    #: The values that there are; empty: any.
    known: tuple[str, ...] = ()


FIELDS: dict[str, Field] = {
    "status": Field("status", "root", "word", "how the trace ended: `ok`, `error`, `unset`", get_args(SpanStatus)),
    "duration": Field("duration_ns", "root", "duration", "how long it took: `duration>2s`, `duration<300ms`, `duration>=1m`"),
    "root.kind": Field("kind", "root", "word", "the kind of the first span", get_args(SpanKind)),
    "root.name": Field("name", "root", "word", "the name of the first span"),
    "cost": Field("cost_micros", "trace", "money", "what all model calls cost, in the currency's unit: `cost>0.01`"),
    "tokens": Field("tokens", "trace", "count", "tokens of all model calls, prompt and completion"),
    "prompt_tokens": Field("prompt_tokens", "trace", "count", "tokens of all prompts"),
    "completion_tokens": Field("completion_tokens", "trace", "count", "tokens of all completions"),
    "name": Field("name", "span", "word", 'the name of a span: `name:"chat *"`'),
    "kind": Field("kind", "span", "word", "the kind of a span: `llm`, `tool`, `retrieval`, …", get_args(SpanKind)),
    "model": Field("model", "span", "word", "a model that was called"),
    "provider": Field("provider", "span", "word", "a provider that was called"),
    "flow": Field("flow", "span", "word", "a flow that ran"),
    "node": Field("node", "span", "word", "a node that ran"),
    "endpoint": Field("endpoint", "span", "word", "the endpoint that was called"),
    "deployment": Field("deployment", "span", "word", "the deployment that answered"),
    "run": Field("run_id", "span", "word", "the batch run, by its id"),
    "session": Field("session_id", "span", "word", "the conversation"),
    "user": Field("user_id", "span", "word", "the user that the caller named"),
    "key": Field("api_key", "span", "word", "the name of the key that the caller showed"),
    "service": Field("service", "span", "word", "the service of spans that came by OTLP"),
    "error": Field("error_type", "span", "word", "the type of an error of any span"),
    "first_token": Field("first_token_ns", "span", "duration", "how long a streamed answer took to begin"),
}

#: Terms that take a name of their own: ``score.<name>`` (a number or a label) and ``attr.<name>`` (an attribute of any span).
SCORE, ATTRIBUTE = "score.", "attr."


@dataclass(frozen=True, slots=True)
class Term:
    """A field that is compared. `value` is text, or a number in the field's unit.

    A ``*`` in a text stands for any characters, unless the value is `exact`.
    """

    field: str
    operator: Operator
    value: str | int | float
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a name, a prompt or an answer of any span; case does not matter."""

    text: str


@dataclass(frozen=True, slots=True)
class Not:
    """What does not hold."""

    what: "Search"


@dataclass(frozen=True, slots=True)
class All:
    """Everything holds."""

    of: "tuple[Search, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """At least one holds."""

    of: "tuple[Search, ...]"


@dataclass(frozen=True, slots=True)
class Outside:
    """None of these traces: whoever asks may not be told of what they hold. No search that is written names it."""

    trace_ids: tuple[str, ...]


Search = Term | Text | Not | All | Any | Outside


def any_of(searches: tuple[Search, ...]) -> Search:
    """Return what holds where at least one of them does."""
    return searches[0] if len(searches) == 1 else Any(searches)


def asks_root(search: Search) -> bool:
    """Whether the answer depends on the root of a trace, which only the whole trace tells."""
    match search:
        case Term():
            return search.field in FIELDS and FIELDS[search.field].scope == "root"
        case Text() | Outside():
            return False
        case Not():
            return asks_root(search.what)
        case All() | Any():
            return any(asks_root(one) for one in search.of)
