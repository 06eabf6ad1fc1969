"""What in a document speaks to the model instead of the reader (indirect prompt injection: Greshake et al. 2023, arXiv:2302.12173).

A pattern proves nothing: a text on prompt injection has them all. So nothing is left out for it; it is flagged where it is found, quoted as
data, and cannot close its quotation or pass for a turn of the conversation.
"""

import re
import unicodedata
from typing import Literal

Flag = Literal["instruction", "role", "special_token", "hidden_text"]

_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|system|these)\b.{0,30}"
    r"\b(?:instruction|prompt|rule|direction|message|context|guideline)s?\b"
    r"|\byou are (?:now|no longer)\b.{0,60}"
    r"|\b(?:reveal|print|repeat|output|show)\b.{0,30}\b(?:system prompt|your (?:instructions|prompt|rules))\b"
    r"|\bdo not (?:tell|inform|mention|reveal)\b.{0,40}\b(?:user|human|reader)\b"
    r"|\b(?:new|real|actual|updated) (?:instructions?|task|objective)\s*:"
    r"|\bact as (?:an?|the)\b.{0,40}\b(?:assistant|administrator|developer|ai|model)\b",
    re.IGNORECASE | re.DOTALL,
)
_ROLE = re.compile(r"^\s*#*\s*(?:system|assistant|developer|user)\s*:", re.IGNORECASE | re.MULTILINE)
_SPECIAL = re.compile(r"<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>|<\uff5c[^\uff5c\n]{1,40}\uff5c>")
#: What looks like the signs that tokens of chat templates are written with.
_LIKE = str.maketrans({"<": "\u2039", ">": "\u203a", "[": "\u27e6", "]": "\u27e7"})
#: Joiners that scripts and emoji are written with.
_JOINERS = "\u200c\u200d"


def flags_of(text: str) -> tuple[Flag, ...]:
    """Return what in a text may be meant for the model."""
    found: list[Flag] = []
    if _INSTRUCTION.search(text):
        found.append("instruction")
    if _ROLE.search(text):
        found.append("role")
    if _SPECIAL.search(text):
        found.append("special_token")
    if any(_is_hidden(sign) for sign in text):
        found.append("hidden_text")
    return tuple(found)


def as_data(text: str) -> str:
    """Return a text that a reader sees as before, without characters that nobody sees and without the tokens of chat templates."""
    seen = "".join(sign for sign in text if not _is_hidden(sign))
    return _SPECIAL.sub(lambda token: token.group().translate(_LIKE), seen)


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" and sign not in _JOINERS and sign != "\u00ad"
