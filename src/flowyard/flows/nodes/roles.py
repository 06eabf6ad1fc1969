"""A rendered prompt to chat messages: role lines, names, tool calls. Marked text (see `template`) never makes a role."""

import ast
import re
from typing import Any, cast

from flowyard.flows.errors import PromptFormatError
from flowyard.flows.nodes.template import END, ONE, PART, unmark

ROLES = ("system", "user", "assistant", "function", "tool")
_BEGIN, _END = f"(?:{ONE}|{PART})?", f"(?:{END})?"
#: A role's name may come whole from one value (``{{item.role}}:``); its colon and its line are the author's.
_ROLE = re.compile(rf"^[ \t]*#?[ \t]*(?:{ONE})?({'|'.join(ROLES)}){_END}[ \t]*:[ \t]*\r?(?:\n|\Z)", re.IGNORECASE | re.MULTILINE)
_NAME = re.compile(r"\s*\#{0,2}[ \t]*name:[ \t]*\n+\s*(\S+)\s*\n\s*\#{0,2}[ \t]*content:[ \t]*\n?(.*)", re.DOTALL)
_TOOL_CALL_ID = re.compile(r"\s*\#{0,2}[ \t]*tool_call_id:[ \t]*\n+\s*(\S+)\s*\n\s*\#{0,2}[ \t]*content:[ \t]*\n?(.*)", re.DOTALL)
_TOOL_CALLS = re.compile(rf"(.*?)\s*^\s*\#{{0,2}}[ \t]*tool_calls:[ \t]*\n+\s*{_BEGIN}(\[.*\]){_END}\s*\Z", re.DOTALL | re.MULTILINE)

Message = dict[str, Any]


def parse_messages(marked: str) -> list[Message]:
    """Read a rendered prompt into the messages of the chat protocol.

    A role line is: an optional ``#``, a role, a colon, the end of the line, in any case. Contents lose their outer white space.

    Raises:
        PromptFormatError: text stands before the first role, or there is none; a function or tool message lacks its name or id.
    """
    pieces = _ROLE.split(marked)
    if pieces[0].strip() or len(pieces) == 1:
        raise PromptFormatError(
            f"The chat API needs lines that say whose words follow; the prompt begins with {unmark(pieces[0]).strip()[:60]!r}.",
            remedy=f"Begin it with one of the lines {', '.join(f'`{role}:`' for role in ROLES[:3])}.",
        )
    return [_message(role.lower(), content) for role, content in zip(pieces[1::2], pieces[2::2], strict=True)]


def _message(role: str, content: str) -> Message:
    if role == "tool":
        return _tool_message(content)
    named = _NAME.fullmatch(content)
    if named:
        return {"role": role, "name": unmark(named.group(1)), "content": unmark(named.group(2)).strip()}
    if role == "function":
        raise PromptFormatError(
            "A function message has no name.", remedy="Write below `function:` the lines `name:`, NAME, `content:`, TEXT."
        )
    calls = _TOOL_CALLS.fullmatch(content) if role == "assistant" else None
    if calls:
        return {"role": role, "content": unmark(calls.group(1)).strip(), "tool_calls": _literal_list(unmark(calls.group(2)))}
    return {"role": role, "content": unmark(content).strip()}


def _tool_message(content: str) -> Message:
    found = _TOOL_CALL_ID.fullmatch(content)
    if found is None:
        raise PromptFormatError("A tool message has no id.", remedy="Write below `tool:` the lines `tool_call_id:`, ID, `content:`, TEXT.")
    return {"role": "tool", "tool_call_id": unmark(found.group(1)), "content": unmark(found.group(2)).strip()}


def _literal_list(text: str) -> list[Any]:
    try:
        found: Any = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise PromptFormatError(
            f"tool_calls is no list of literals: {error}.", remedy="Write it as Python or JSON-like literals."
        ) from error
    return cast("list[Any]", found)
