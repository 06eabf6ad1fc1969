r"""The script of a scripted model: what it answers, and when. YAML::

    models: [scripted, scripted-large]   # what /models lists; default [scripted]; a call may name any
    delay_ms: 0                          # before the first byte of each answer
    chunk_delay_ms: 0                    # between the chunks of a stream
    dimensions: 16                       # of embeddings
    rules:                               # tried in order; the first that fits answers
      - match: "(?i)weather in (\\w+)"   # a Python regular expression, searched in the last user message
        model: scripted                  # only for this model; default any
        times: 2                         # it fits so often, then no more; default always
        answer: It is sunny in $1.       # $0 is what matched, $1, $2, ${name} are its groups
      - match: book a table
        tool_calls: [{name: book, arguments: {people: 2}}]
      - match: as json
        json: {answer: 42}               # its JSON text is the answer
      - match: fail
        error: {status: 429, message: Slow down., code: rate_limited, retry_after_s: 1}
      - match: break off
        answer: This will not
        cut_after: 2                     # a stream ends without warning after so many chunks
      - match: count
        answer: one two three
        usage: {prompt_tokens: 7, completion_tokens: 3}   # default: words are counted
        delay_ms: 20
      - echo: true                       # answers with the last user message
    answers: [First answer., Second answer.]   # when no rule fits: in order, then `when_spent`
    when_spent: repeat                   # repeat (the last one; default), loop, or error (HTTP 500)

A rule without `match` always fits. An entry of `answers` is text, or what a rule may hold besides `match`, `model`, `times`.
Without rules and answers the model echoes. Words are what is between white space.
"""

import re
import threading
from collections import Counter
from pathlib import Path
from typing import Any, Literal, cast

import msgspec
import yaml

from flowyard.foundation.errors import Location, nearest
from flowyard.inference.errors import ScriptInvalidError


class ScriptedError(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error answer, as the protocol writes them."""

    status: int = 500
    message: str = "The script says so."
    type: str = "scripted_error"
    code: str | None = None
    retry_after_s: float | None = None


class ScriptedToolCall(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of a tool. `arguments` become JSON text."""

    name: str
    arguments: dict[str, Any] = {}


class ScriptedUsage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Token counts to tell."""

    prompt_tokens: int
    completion_tokens: int


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `rules` or `answers`; the module's docstring says what each key means."""

    match: str | None = None
    model: str | None = None
    times: int | None = None
    answer: str | None = None
    echo: bool = False
    json: Any = msgspec.UNSET
    tool_calls: tuple[ScriptedToolCall, ...] = ()
    error: ScriptedError | None = None
    usage: ScriptedUsage | None = None
    delay_ms: float | None = None
    chunk_delay_ms: float | None = None
    cut_after: int | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole script."""

    models: tuple[str, ...] = ("scripted",)
    delay_ms: float = 0
    chunk_delay_ms: float = 0
    dimensions: int = 16
    rules: tuple[Rule, ...] = ()
    answers: tuple[str | Rule, ...] = ()
    when_spent: Literal["repeat", "loop", "error"] = "repeat"


class Outcome(msgspec.Struct, frozen=True):
    """What to answer one call with."""

    text: str
    tool_calls: tuple[ScriptedToolCall, ...] = ()
    error: ScriptedError | None = None
    usage: ScriptedUsage | None = None
    delay_ms: float = 0
    chunk_delay_ms: float = 0
    cut_after: int | None = None


class Player:
    """Plays a script: keeps how often each rule was used and how far the answers are. Safe to use from several threads."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self._patterns = [re.compile(rule.match) if rule.match is not None else None for rule in script.rules]
        self._used: Counter[int] = Counter()
        self._position = 0
        self._lock = threading.Lock()

    def next(self, model: str | None, message: str) -> Outcome:
        """Return the outcome for `message`, the last that the user said."""
        with self._lock:
            for number, (rule, pattern) in enumerate(zip(self.script.rules, self._patterns, strict=True)):
                found = pattern.search(message) if pattern else None
                if (pattern and not found) or (rule.model and rule.model != model):
                    continue
                if rule.times is not None and self._used[number] >= rule.times:
                    continue
                self._used[number] += 1
                return self._outcome(rule, message, found)
            return self._outcome(self._next_answer(), message, None)

    def _next_answer(self) -> Rule:
        answers = self.script.answers
        if not answers:
            return Rule(echo=True)
        if self._position >= len(answers) and self.script.when_spent == "error":
            return Rule(error=ScriptedError(message=f"The script has {len(answers)} answers and all are spent.", code="script_spent"))
        position = self._position % len(answers) if self.script.when_spent == "loop" else min(self._position, len(answers) - 1)
        self._position += 1
        answer = answers[position]
        return Rule(answer=answer) if isinstance(answer, str) else answer

    def _outcome(self, rule: Rule, message: str, found: re.Match[str] | None) -> Outcome:
        if rule.json is not msgspec.UNSET:
            text = msgspec.json.encode(rule.json).decode()
        elif rule.echo:
            text = message
        else:
            text = _fill(rule.answer or "", found)
        script = self.script
        return Outcome(
            text=text,
            tool_calls=tuple(ScriptedToolCall(call.name, _fill_in(call.arguments, found)) for call in rule.tool_calls),
            error=rule.error,
            usage=rule.usage,
            delay_ms=script.delay_ms if rule.delay_ms is None else rule.delay_ms,
            chunk_delay_ms=script.chunk_delay_ms if rule.chunk_delay_ms is None else rule.chunk_delay_ms,
            cut_after=rule.cut_after,
        )


def read_script(text: str) -> Script:
    """Read a script: its YAML text, or the path of a YAML file.

    Raises:
        ScriptInvalidError: there is no such file, it is no YAML, a key is unknown, a type is wrong, or a `match` is no regular expression.
    """
    parsed, file = _parse(text)
    if isinstance(parsed, str):
        path = Path(parsed)
        if not path.is_file():
            raise ScriptInvalidError(
                f"script is {parsed!r}, which is no file.", remedy="Give the YAML text of the script, or the path of its file."
            )
        parsed, file = _parse(path.read_text("utf-8"), str(path))
    try:
        script = msgspec.convert(parsed or {}, type=Script)
    except msgspec.ValidationError as error:
        raise _misfit(error, file) from error
    for number, rule in enumerate(script.rules):
        try:
            re.compile(rule.match or "")
        except re.error as error:
            raise ScriptInvalidError(
                f"match {rule.match!r} is no regular expression: {error}.", location=Location(file=file, pointer=f"/rules/{number}/match")
            ) from error
    return script


def _parse(text: str, file: str | None = None) -> tuple[Any, str | None]:
    try:
        return yaml.safe_load(text), file
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = None if mark is None else mark.line + 1
        reason = getattr(error, "problem", None) or "it cannot be read"
        raise ScriptInvalidError(f"The script is no YAML: {reason}.", location=Location(file=file, line=line)) from error


def _misfit(error: msgspec.ValidationError, file: str | None) -> ScriptInvalidError:
    message, _, path = str(error).partition(" - at `$")
    pointer = path.rstrip("`").replace(".", "/").replace("[", "/").replace("]", "") or None
    unknown = re.search(r"unknown field `(.+)`", message)
    known = sorted({*Script.__struct_fields__, *Rule.__struct_fields__, *ScriptedError.__struct_fields__})
    like = nearest(unknown[1], known) if unknown else None
    remedy = f"Did you mean {like!r}?" if like else f"Keys are: {', '.join(known)}."
    return ScriptInvalidError(f"{message}.", remedy=remedy, location=Location(file=file, pointer=pointer))


def _fill(text: str, found: re.Match[str] | None) -> str:
    if found is None:
        return text
    groups: dict[str, str | None] = {str(number): value for number, value in enumerate((found[0], *found.groups()))}
    groups.update(found.groupdict())

    def value(name: re.Match[str]) -> str:
        key = name[1] or name[2]
        return (groups[key] or "") if key in groups else name[0]

    return re.sub(r"\$(?:(\d+)|\{(\w+)\})", value, text)


def _fill_in(value: Any, found: re.Match[str] | None) -> Any:
    if isinstance(value, str):
        return _fill(value, found)
    if isinstance(value, dict):
        return {key: _fill_in(item, found) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_fill_in(item, found) for item in cast("list[Any]", value)]
    return value
