"""What of a model call goes into its span: read from the request and from the answer, whole or streamed."""

import re
from typing import Any, Protocol

import msgspec

from flowyard.endpoints.gateway.messages import Message, message_parts, text_message
from flowyard.endpoints.gateway.sse import DONE, data_of

# The span's attribute for a field of the request (OpenTelemetry semantic conventions for GenAI).
_REQUEST_FIELDS = {
    "temperature": "gen_ai.request.temperature",
    "top_p": "gen_ai.request.top_p",
    "max_tokens": "gen_ai.request.max_tokens",
    "max_completion_tokens": "gen_ai.request.max_tokens",
    "max_output_tokens": "gen_ai.request.max_tokens",
    "frequency_penalty": "gen_ai.request.frequency_penalty",
    "presence_penalty": "gen_ai.request.presence_penalty",
    "seed": "gen_ai.request.seed",
    "stop": "gen_ai.request.stop_sequences",
    "n": "gen_ai.request.choice.count",
    "tools": "gen_ai.tool.definitions",
    "response_format": "flowyard.request.response_format",
}


class _Details(msgspec.Struct):
    cached_tokens: int | None = None


_CONTENT = frozenset({"gen_ai.request.stop_sequences", "gen_ai.tool.definitions", "flowyard.request.response_format"})


class Usage(msgspec.Struct):
    """Token counts, under the names of chat and of responses."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    total_tokens: int | None = None
    prompt_tokens_details: _Details | None = None
    input_tokens_details: _Details | None = None

    @property
    def prompt(self) -> int | None:
        """Tokens of the prompt."""
        return self.prompt_tokens if self.prompt_tokens is not None else self.input_tokens

    @property
    def completion(self) -> int | None:
        """Tokens of the completion; None for what has none."""
        return self.completion_tokens if self.completion_tokens is not None else self.output_tokens

    @property
    def cached(self) -> int:
        """Tokens of the prompt that the provider had cached."""
        details = self.prompt_tokens_details or self.input_tokens_details
        return (details.cached_tokens or 0) if details is not None else 0


class _Delta(msgspec.Struct):
    role: str | None = None
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[dict[str, Any]] | None = None


class _Choice(msgspec.Struct):
    index: int = 0
    delta: _Delta | None = None
    message: Message | None = None
    text: str | None = None
    finish_reason: str | None = None


class Answered(msgspec.Struct):
    """An answer or a chunk of one, as far as it is recorded."""

    id: str | None = None
    model: str | None = None
    choices: list[_Choice] = []
    usage: Usage | None = None
    output: list[dict[str, Any]] = []
    response: "Answered | None" = None
    type: str | None = None


# Events that tell how many tokens were used, not those that say that they do not.
_USAGE = re.compile(rb'"usage"\s*:\s*\{')
# So many events of a stream are read at a time: one alone, some milliseconds after the last, finds no cache warm.
_TOGETHER = 64
_RESPONSE_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
_decode = msgspec.json.Decoder(Answered).decode
_decode_messages = msgspec.json.Decoder(list[Message]).decode


class SpanTarget(Protocol):
    """The part of a span that is written here."""

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes."""
        ...


class _Told:
    """One choice of a streamed answer, as it grows."""

    __slots__ = ("calls", "finish_reason", "refusal", "role", "texts")

    def __init__(self) -> None:
        self.role = "assistant"
        self.texts: list[str] = []
        self.refusal: list[str] = []
        self.calls: dict[int, dict[str, str]] = {}
        self.finish_reason: str | None = None

    def add(self, choice: _Choice) -> None:
        if choice.finish_reason:
            self.finish_reason = choice.finish_reason
        if choice.text:
            self.texts.append(choice.text)
        delta = choice.delta
        if delta is None:
            return
        if delta.content:
            self.texts.append(delta.content)
        if delta.refusal:
            self.refusal.append(delta.refusal)
        for position, call in enumerate(delta.tool_calls or ()):
            held = self.calls.setdefault(int(call.get("index", position)), {"id": "", "name": "", "arguments": ""})
            function: dict[str, Any] = call.get("function") or {}
            held["id"] = str(call.get("id") or held["id"])
            held["name"] += str(function.get("name") or "")
            held["arguments"] += str(function.get("arguments") or "")

    def message(self) -> dict[str, Any]:
        parts: list[dict[str, Any]] = []
        if self.texts:
            parts.append({"type": "text", "content": "".join(self.texts)})
        if self.refusal:
            parts.append({"type": "refusal", "content": "".join(self.refusal)})
        parts += ({"type": "tool_call", **call} for call in self.calls.values())
        return {"role": self.role, "parts": parts, "finish_reason": self.finish_reason}


class Capture:
    """Gathers what an answer says. Feed it the whole answer, or its events one by one and `catch_up` before you look."""

    __slots__ = ("_choices", "_ended", "_later", "_open", "_output", "id", "model", "usage")

    def __init__(self) -> None:
        self._ended = False
        self._later: list[bytes] = []
        self.id: str | None = None
        self.model: str | None = None
        self.usage: Usage | None = None
        self._choices: dict[int, _Told] = {}
        self._open = False
        self._output: list[dict[str, Any]] = []

    def whole(self, data: bytes) -> None:
        """Read a whole answer. What has another shape is left unread: it is not ours to judge."""
        try:
            answered = _decode(data)
        except msgspec.MsgspecError:
            return
        self._take(answered)
        for choice in answered.choices:
            told = message_parts(choice.message) if choice.message else text_message("assistant", choice.text or "")
            told["finish_reason"] = choice.finish_reason
            self._output.append(told)
        self._output += _response_messages(answered.output)

    def event(self, event: bytes) -> bool:
        """Take one event of a stream; True when it tells the usage and nothing else."""
        if self.id is not None and _USAGE.search(event) is None:
            self._later.append(event)
            if len(self._later) == _TOGETHER:
                self.catch_up()
            return False
        self.catch_up()
        return self._read(data_of(event))

    def catch_up(self) -> None:
        """Read the events that were taken and not read yet."""
        later, self._later = self._later, []
        for event in later:
            self._read(data_of(event))

    def _read(self, data: bytes) -> bool:
        try:
            answered = _decode(data)
        except msgspec.MsgspecError:
            self._ended = self._ended or data == DONE
            return False
        if answered.response is not None:
            self._open = answered.type not in _RESPONSE_ENDS
        if answered.response is not None and answered.type in {"response.completed", "response.incomplete"}:
            self._ended = True
            self._take(answered.response)
            self._output = _response_messages(answered.response.output)
            return False
        self._take(answered)
        for choice in answered.choices:
            told = self._choices.get(choice.index)
            if told is None:
                told = self._choices[choice.index] = _Told()
            told.add(choice)
        return answered.usage is not None and not answered.choices and answered.type is None

    @property
    def ended(self) -> bool:
        """Whether a streamed answer came to its own end."""
        self.catch_up()
        return self._ended

    @property
    def cut(self) -> bool:
        """Whether a streamed answer stopped before its end: without an end mark, and something of it is not finished."""
        return not self.ended and (self._open or any(told.finish_reason is None for told in self._choices.values()))

    def messages(self) -> list[dict[str, Any]]:
        """Return the completion, a message a choice."""
        return self._output or [self._choices[index].message() for index in sorted(self._choices)]

    def _take(self, answered: Answered) -> None:
        self.id = answered.id or self.id
        self.model = answered.model or self.model
        self.usage = answered.usage or self.usage


def request_attributes(fields: dict[str, msgspec.Raw], *, content: bool = True) -> dict[str, Any]:
    """Return the span attributes that a request's body gives: parameters, and with `content` what was written by people."""
    attributes: dict[str, Any] = {}
    for name, raw in fields.items():
        attribute = _REQUEST_FIELDS.get(name)
        if attribute is not None and (content or attribute not in _CONTENT):
            attributes[attribute] = msgspec.json.decode(raw)
    prompt = _prompt(fields) if content else None
    if prompt is not None:
        attributes["gen_ai.input.messages"] = prompt
    return attributes


def _prompt(fields: dict[str, msgspec.Raw]) -> list[dict[str, Any]] | None:
    messages = fields.get("messages")
    if messages is not None:
        try:
            return [message_parts(message) for message in _decode_messages(messages)]
        except msgspec.MsgspecError:
            return None
    raw = fields.get("prompt") or fields.get("input")
    if raw is None:
        return None
    given: Any = msgspec.json.decode(raw)
    texts: list[Any] = given if isinstance(given, list) else [given]  # pyright: ignore[reportUnknownVariableType]
    return [text_message("user", text if isinstance(text, str) else msgspec.json.encode(text).decode()) for text in texts]


def _response_messages(output: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items of a ``/v1/responses`` answer as messages."""
    messages: list[dict[str, Any]] = []
    for item in output:
        if item.get("type") == "message":
            messages.append(message_parts(Message(role=str(item.get("role", "assistant")), content=item.get("content"))))
        elif item.get("type") == "function_call":
            call = {"type": "tool_call", "id": item.get("call_id"), "name": item.get("name"), "arguments": item.get("arguments")}
            messages.append({"role": "assistant", "parts": [call]})
    return messages
