"""A rendered prompt to chat messages: role lines, names, tool calls. Marked text (see `template`) never makes a role.

The lines are prompt flow's: an optional ``#``, a role in any case, a colon, the end of the line. Inside a message ``name:`` and
``content:``, ``tool_call_id:`` and ``content:``, or ``tool_calls:``, each with an optional ``##``.
"""

import ast
import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from flowyard.flows.errors import PromptFormatError
from flowyard.flows.nodes.errors import FunctionRoleError, ToolRoleError
from flowyard.flows.nodes.images import content_of
from flowyard.flows.nodes.template import END, ONE, PART, unmark
from flowyard.flows.promptflow.contracts.multimedia import PFBytes

ROLES = ("system", "user", "assistant", "function", "tool")
_BEGIN = f"(?:{ONE}|{PART})?"
_NAMES = "|".join(ROLES)
#: A role's name may come whole from one value (``{{item.role}}:``); its colon and its line are the author's.
_ROLE = re.compile(rf"^\s*#?\s*(?:({_NAMES})\s*|{ONE}\s*({_NAMES})\s*{END}[ \t]*):\s*\n", re.IGNORECASE | re.MULTILINE)
_CONTENT = r"\s*#{0,2}\s*content\s*:[ \t]*\n?(.*)"
_NAME = re.compile(rf"#{{0,2}}\s*name\s*:[ \t]*\n\s*(\S+){_CONTENT}", re.DOTALL)
_TOOL_CALL_ID = re.compile(rf"#{{0,2}}\s*tool_call_id\s*:[ \t]*\n\s*(\S+){_CONTENT}", re.DOTALL)
_TOOL_CALLS = re.compile(rf"#{{0,2}}\s*tool_calls\s*:[ \t]*\n\s*{_BEGIN}(?=\[)")
#: So many closing brackets are tried as the end of a list.
_ENDS = 200

Message = dict[str, Any]


def parse_messages(marked: str, images: Iterable[PFBytes] = (), *, detail: str = "auto", roles: Iterable[str] = ROLES) -> list[Message]:
    """Read a rendered prompt into the messages of the chat protocol. Contents lose their outer white space.

    Args:
        marked: the rendered prompt.
        images: those among the prompt's values: a line that is the name of one becomes the image itself.
        detail: how closely a model should look at images.
        roles: the roles that may be.

    Raises:
        PromptFormatError: text stands before the first role, or there is none; a function or tool message lacks its name or id.
    """
    shown = {str(image): image for image in images}
    allowed = frozenset(roles)
    found = [match for match in _ROLE.finditer(marked) if (match[1] or match[2]).lower() in allowed]
    before = marked[: found[0].start()] if found else marked
    if before.strip() or not found:
        raise PromptFormatError(
            f"The chat API needs lines that say whose words follow; the prompt begins with {unmark(before).strip()[:60]!r}.",
            remedy=f"Begin it with one of the lines {', '.join(f'`{role}:`' for role in ROLES[:3])}.",
        )
    ends = [match.start() for match in found[1:]] + [len(marked)]
    return [
        _message((match[1] or match[2]).lower(), marked[match.end() : end], shown, detail) for match, end in zip(found, ends, strict=True)
    ]


def _message(role: str, text: str, images: Mapping[str, PFBytes], detail: str) -> Message:
    def content(part: str) -> Any:
        return content_of(unmark(part), images, detail)

    if role == "tool":
        answered = _TOOL_CALL_ID.search(text)
        if answered is None:
            raise ToolRoleError("A tool message has no id.", remedy="Write below `tool:` the lines `tool_call_id:`, ID, `content:`, TEXT.")
        return {"role": "tool", "tool_call_id": unmark(answered[1]), "content": content(answered[2])}
    calls = _TOOL_CALLS.search(text) if role == "assistant" else None
    listed = _literal_list(unmark(text[calls.end() :])) if calls else None
    if calls and listed is not None:
        said = content(text[: calls.start()])
        return {"role": role, **({"content": said} if said else {}), "tool_calls": listed}
    named = _NAME.search(text)
    if named:
        return {"role": role, "name": unmark(named[1]), "content": content(named[2])}
    if role == "function":
        raise FunctionRoleError(
            "A function message has no name.", remedy="Write below `function:` the lines `name:`, NAME, `content:`, TEXT."
        )
    return {"role": role, "content": content(text)}


def _literal_list(text: str) -> list[Any] | None:
    """Return the list that `text` begins with, or None: then it is content, as in prompt flow."""
    for end in [match.end() for match in re.finditer(r"\]", text)][:_ENDS]:
        try:
            return cast("list[Any]", ast.literal_eval(text[:end]))
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return None
