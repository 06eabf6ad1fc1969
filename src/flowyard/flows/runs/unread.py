"""Answers of judges that could not be read: in which rows they are, why, and what the judge answered. Such a row has no score."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from flowyard.flows.runs.browse import LARGEST_PAGE, offset_of
from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.withheld import Opens
from flowyard.foundation.codecs import to_json
from flowyard.wire.runs import RunLine, UnreadAnswer, UnreadAnswerPage

#: So much of an answer is shown, characters; the row itself has all of it.
MOST_SHOWN = 2000
_STATUS, _PROPERTIES = "_status", "_properties"
#: Only rows with this in the JSON of their outputs are looked into.
_MARK = '_status":"invalid"'
_MARK_OF_TURNS = '"evaluation_per_turn"'


def unread_answers(folder: Path, cursor: str | None = None, limit: int = 100, opens: Opens = RunStore) -> UnreadAnswerPage:
    """Return the answers of judges that could not be read, in the order of the rows.

    Raises:
        InvalidInputError: the cursor is none.
    """
    start = offset_of(cursor)
    with opens(folder) as store:
        found = [answer for row in store.each(status="completed", marks=(_MARK, _MARK_OF_TURNS)) for answer in unread_in(row)]
        judged = store.tally(completed_only=True).completed
    items = tuple(found[start : start + min(max(limit, 1), LARGEST_PAGE)])
    following = start + len(items)
    return UnreadAnswerPage(
        items=items,
        total=len(found),
        rows=len({(answer.line, answer.variant) for answer in found}),
        of=judged,
        next_cursor=str(following) if items and following < len(found) else None,
    )


def unread_in(row: RunLine) -> Iterator[UnreadAnswer]:
    """Yield what a row's judges answered that could not be read, of a conversation turn by turn.

    Judges write it into ``<score>_properties``: ``invalid`` says why, ``answer`` is the answer. A turn that could not be judged, since it
    lacks an input, was not answered and is none of these: nothing counts its tokens.
    """
    turns = row.outputs.get("evaluation_per_turn")
    per_turn = cast("dict[str, Any]", turns) if isinstance(turns, dict) else {}
    for key in row.outputs:
        if not key.endswith(_STATUS):
            continue
        score = key.removesuffix(_STATUS)
        each = per_turn.get(f"{score}{_PROPERTIES}")
        if isinstance(each, list):
            for turn, found in enumerate(cast("list[object]", each)):
                yield from _unread(row, score, found, turn)
        else:
            yield from _unread(row, score, row.outputs.get(f"{score}{_PROPERTIES}"), None)


def _unread(row: RunLine, score: str, found: object, turn: int | None) -> Iterator[UnreadAnswer]:
    if not isinstance(found, dict):
        return
    properties = cast("Mapping[str, Any]", found)
    why = properties.get("invalid")
    if not isinstance(why, str) or "total_tokens" not in properties:
        return
    answer = properties.get("answer")
    text = answer if isinstance(answer, str) else to_json(answer).decode()
    yield UnreadAnswer(
        line=row.line, variant=row.variant, score=score, turn=turn, reason=why, answer=text[:MOST_SHOWN], cut=len(text) > MOST_SHOWN,
        model=properties.get("model"), trace_id=row.trace_id,
    )  # fmt: skip
