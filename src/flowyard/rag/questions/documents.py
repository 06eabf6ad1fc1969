"""Which documents that questions name are not in a version: nothing there answers such a question, so that it counts 0 in measurements."""

from collections.abc import Iterable, Sequence

from flowyard.foundation.errors import nearest
from flowyard.identity.access import Access
from flowyard.rag.building.model import VersionRecord
from flowyard.rag.building.ports import IndexLedger
from flowyard.rag.questions.model import Question
from flowyard.wire.index_questions import MissingDocument

_TOLD = 5
#: Comparing a name with all others takes a millisecond for each thousand of these.
_COMPARED = 2_000


def missing_documents(ledger: IndexLedger, record: VersionRecord, access: Access, named: Iterable[str]) -> tuple[MissingDocument, ...]:
    """Return those of `named` that a version has no text of, each once: not there, not read, or not open to `access`."""
    asked = list(dict.fromkeys(named))
    entries = [entry for _, entry in ledger.entries(record.id, seen=record.recipe.seen_by(access))]
    read = {entry.key for entry in entries if entry.chunks}
    why = {entry.key: entry.message or "It has no text." for entry in entries if not entry.chunks}
    ends: dict[str, str] = {}
    for key in read:
        ends.setdefault(_last(key), key)
    gone = [key for key in asked if key not in read]
    return tuple(
        MissingDocument(document=key, why=why.get(key), meant=_meant(key, ends, similar=place < _TOLD)) for place, key in enumerate(gone)
    )


def tell_missing(questions: Sequence[Question], found: Sequence[MissingDocument], version: str) -> str | None:
    """Return in words which documents `questions` name that are not in `version`, with the first few; None when all are."""
    if not found:
        return None
    lines = {document: question.line for question in reversed(questions) for document in question.documents}
    parts = [f"{one.document!r} (row {lines[one.document]}{_about(one)})" for one in found[:_TOLD]]
    more = f" and {len(found) - _TOLD:,} more" if len(found) > _TOLD else ""
    return f"{version} does not have {len(found):,} of the documents that questions name: {', '.join(parts)}{more}."


def _about(one: MissingDocument) -> str:
    if one.why is not None:
        return f", not read: {one.why}"
    return f"; {one.meant!r} is there" if one.meant is not None else ""


def _meant(key: str, ends: dict[str, str], *, similar: bool) -> str | None:
    """Return what is likely meant: the document whose name is the same in another folder, or one that is written much like it."""
    last = _last(key)
    if last in ends or not similar or len(ends) > _COMPARED:
        return ends.get(last)
    # What comes behind the dot is the same for most.
    stems = {_stem(name): there for name, there in ends.items()}
    return stems.get(nearest(_stem(last), list(stems)) or "")


def _last(key: str) -> str:
    return key.replace("\\", "/").rpartition("/")[2].casefold()


def _stem(name: str) -> str:
    return name.rpartition(".")[0] or name
