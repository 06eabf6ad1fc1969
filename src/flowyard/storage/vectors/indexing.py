"""What makes searches of an index quick, and what keeps it so."""

from datetime import timedelta
from typing import Any

from flowyard.foundation.clock import now_ns
from flowyard.rag.ports import IndexKey
from flowyard.storage.vectors.rows import VECTOR
from flowyard.storage.vectors.tables import About, asynchronous, awaited, in_turn

#: Languages whose endings and filler words Lance's search by words knows.
LANGUAGES = (
    *("Arabic", "Danish", "Dutch", "English", "Finnish", "French", "German", "Greek", "Hungarian", "Italian", "Norwegian", "Portuguese"),
    *("Romanian", "Russian", "Spanish", "Swedish", "Tamil", "Turkish"),
)
#: Below so many chunks comparing all of them is as quick: 1 ms for a thousand of 384 numbers, where an index takes 6 ms.
INDEXED_FROM = 10_000
# An index that was trained on less than this part of what there is now is made anew.
_TRAINED_PART = 0.5
# Each optimising of changed rows adds a part to the index of vectors, and Lance brings no files together that are in different parts: a
# search of 100,000 x 384 takes a quarter of a millisecond longer with each. Making the index anew takes 10 to 20 s of processor time there,
# writing a few rows again a hundredth of a second: parts that have none of their rows left go.
_MOST_PARTS = 16
# Files of so few rows are always brought together, and larger ones with smaller that have a third of their rows: each row is written again
# a few times at most, and of 10,000 changed rows there are some three parts. Those of `INDEXED_FROM` rows stay as they are.
_FEW_ROWS, _THIRD = 512, 3
_FILE = 32
_MARKS_KEPT_NS = 7 * 24 * 3600 * 1_000_000_000


def prepare(table: Any, language: str | None) -> None:
    """Make what has to be there from the beginning: the key that two writers of one chunk meet at, and the indexes of columns."""
    there = {column for index in table.list_indices() for column in index.columns}
    # The table's second state has the key.
    if table.version == 1:
        table.set_unenforced_primary_key(["id"])
    for column, config in _columns(language).items():
        if column not in there:
            _index(table, column, config)


def optimise(key: IndexKey, table: Any, about: About, keep: timedelta) -> None:
    """See `flowyard.rag.ports.VectorStore.optimise`."""

    def indexes() -> None:
        table.checkout_latest()
        prepare(table, about.language)
        if _vectors_need_training(table):
            _index(table, VECTOR, _vector_config(about.embedding.dimensions))

    def forget() -> None:
        table.checkout_latest()
        old = f"written_ns < {now_ns() - _MARKS_KEPT_NS}"
        if table.count_rows(old):  # each state that is made is read again by each pruning
            table.delete(old)

    def gather() -> None:
        table.checkout_latest()
        moved = scattered(awaited(_rows_of_files(asynchronous(table)))) if _vector_index(table) else []
        if moved:
            places = " OR ".join(f"(_rowid >= {file << _FILE} AND _rowid < {file + 1 << _FILE})" for file in moved)
            table.update(where=places, values_sql={"written_ns": "written_ns"})  # writes them again as they are, in one file

    def tidy() -> None:
        table.checkout_latest()
        awaited(asynchronous(table).optimize(cleanup_older_than=keep))

    for work in (forget, gather, indexes, tidy):
        in_turn(key, work)


def _columns(language: str | None) -> dict[str, Any]:
    from lancedb.index import FTS, Bitmap, BTree, LabelList

    words = FTS(stem=False, remove_stop_words=False) if language is None else FTS(language=language)
    ordered = {column: BTree() for column in ("id", "document", "page")}
    return {"text": words, **ordered, "kind": Bitmap(), "tags": LabelList(), "facts": LabelList()}


def _vector_config(dimensions: int) -> Any:
    from lancedb.index import IvfFlat, IvfRq

    # RaBitQ: at 100,000 x 384 made in a tenth of the processor time of product quantisation, and a twentieth of a graph's. It takes eights.
    # With one bit a number half of the 50 nearest that a filter leaves are not among the candidates; with five, 1 of 15.
    return IvfFlat(distance_type="cosine") if dimensions % 8 else IvfRq(distance_type="cosine", num_bits=5)


def _vector_index(table: Any) -> Any:
    return next((each for each in table.list_indices() if each.columns == [VECTOR]), None)


async def _rows_of_files(table: Any) -> dict[int, int]:
    """Return how many rows each file of a table has: a row's id begins with its file's number."""
    import numpy as np

    found = await table.query().select(["_rowid"]).to_arrow()
    files, rows = np.unique(found["_rowid"].to_numpy() >> _FILE, return_counts=True)
    return dict(zip(files.tolist(), rows.tolist(), strict=True))


def scattered(rows_of_files: dict[int, int]) -> list[int]:
    """Return the files that are worth being written again as one."""
    moved, rows = list[int](), 0
    for file, count in sorted(rows_of_files.items(), key=lambda each: each[1]):
        if count >= INDEXED_FROM or (moved and count > max(_THIRD * rows, _FEW_ROWS)):
            break
        moved.append(file)
        rows += count
    return moved if len(moved) > 1 else []


def _vectors_need_training(table: Any) -> bool:
    index = _vector_index(table)
    if index is None:
        return bool(table.count_rows(f"{VECTOR} IS NOT NULL") >= INDEXED_FROM)
    indexed, rest = index.num_indexed_rows or 0, index.num_unindexed_rows or 0
    return indexed < _TRAINED_PART * (indexed + rest) or _parts(table, index.name) > _MOST_PARTS


def _parts(table: Any, index: str) -> int:
    told_of = table.index_stats(index)
    return 1 if told_of is None else told_of.num_indices or 1


def _index(table: Any, column: str, config: Any) -> None:
    awaited(asynchronous(table).create_index(column, config=config))
