"""How many tokens a prompt will take, roughly: no tokenizer is asked, as each model has another."""

from collections.abc import Mapping
from typing import Any, cast

from flowyard.foundation.errors import InvalidInputError

#: What OpenAI's chat format adds to each message, to a name, and to the answer's beginning.
_MESSAGE, _NAME, _ANSWER = 3, 1, 3
#: An image of low detail; larger ones take more.
_IMAGE = 85


def text_tokens(text: str) -> int:
    """Return the tokens of a text, estimated: one for four ASCII characters, one for each other character."""
    plain = sum(char.isascii() for char in text)
    return -(-plain // 4) + len(text) - plain


def prompt_tokens(body: Mapping[str, Any]) -> int:
    """Return the tokens of a request's ``messages``, or of its ``prompt``, estimated."""
    if "messages" not in body:
        return text_tokens(str(body.get("prompt") or ""))
    messages = cast("list[dict[str, Any]]", body["messages"])
    return sum(_MESSAGE + sum(_tokens(name, value) for name, value in message.items()) for message in messages) + _ANSWER


def answer_limit(parameters: Mapping[str, Any]) -> int:
    """Return the tokens that the answer may take by ``max_tokens``; 0 when that is not set.

    Raises:
        InvalidInputError: it is no whole number above 1.
    """
    limit = parameters.get("max_tokens")
    if limit is None:
        return 0
    if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 1:
        raise InvalidInputError(
            f"max_tokens is {limit!r}; expected a whole number above 1.", remedy="Correct it in the prompty's parameters."
        )
    return limit


def _tokens(name: str, value: Any) -> int:
    more = _NAME if name == "name" else 0
    if isinstance(value, list):
        parts = cast("list[dict[str, Any]]", value)
        return more + sum(text_tokens(str(part.get("text"))) if part.get("type") == "text" else _IMAGE for part in parts)
    return more + text_tokens(str(value))
