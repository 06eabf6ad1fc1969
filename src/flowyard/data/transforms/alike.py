"""Rows whose texts are alike: signatures first, then the comparison of candidates, then the rows that stay."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

from flowyard.data.rows import Row
from flowyard.data.transforms.cleaning.ports import Misfit, columns_of
from flowyard.data.transforms.failing import failed
from flowyard.data.transforms.lines import Lines, split
from flowyard.data.transforms.minhash import Alike, Signatures, groups
from flowyard.data.transforms.model import Drop, NumberedStep, Said, Tally, Task
from flowyard.data.transforms.telling import Teller
from flowyard.foundation.codecs import from_json, to_json
from flowyard.wire.transforms import DeduplicateStep

_BATCH = 2000


def drop_alike(task: Task, teller: Teller) -> Said:
    """Write the first row of each group of rows that are alike.

    Raises:
        TransformRowError: a row has not a column that is compared.
    """
    numbered = task.steps[0]
    step = cast("DeduplicateStep", numbered.body)
    tally = Tally(number=numbered.number, kind=numbered.kind)
    source = Path(task.source)
    signatures, places, numbers = _signed(source, numbered, step, teller)
    with source.open("rb") as file:
        found = groups(signatures, step.near or 1.0, step.shingle, lambda index: _text(_at(file, places[index])[1], step.columns))
    drops = _write(task, found, numbers, tally)
    return Said(steps=(tally.result(),), drops=tuple(drops))


def _signed(source: Path, numbered: NumberedStep, step: DeduplicateStep, teller: Teller) -> tuple[Signatures, list[int], list[int | None]]:
    signatures, places, numbers, taken = Signatures(step.shingle), list[int](), list[int | None](), 0
    with source.open("rb") as file:
        for lines in _batches(file):
            texts: list[str] = []
            for place, line in lines:
                number, row = split(from_json(line))
                try:
                    texts.append(_text(row, step.columns))
                except Misfit as error:
                    raise failed(numbered, number, error) from error
                places.append(place)
                numbers.append(number)
                taken += 1
                teller.taken(taken)
            signatures.add(texts)
    return signatures, places, numbers


def _batches(file: IO[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    def placed() -> Iterator[tuple[int, bytes]]:
        place = 0
        for line in file:
            yield place, line
            place += len(line)

    lines = placed()
    while batch := list(islice(lines, _BATCH)):
        yield batch


def _write(task: Task, found: Alike, numbers: list[int | None], tally: Tally) -> list[Drop]:
    drops: list[Drop] = []
    with Path(task.source).open("rb") as file, Lines(Path(task.target), keep_row=task.keep_row) as lines:
        for index, line in enumerate(file):
            tally.rows_in += 1
            number, row = split(from_json(line))
            first = found.first(index)
            if first == index:
                tally.rows_out += 1
                lines.write(number, row)
                continue
            tally.dropped["like an earlier row"] = tally.dropped.get("like an earlier row", 0) + 1
            if task.trace:
                other = numbers[first]
                like = f"like row {other}" if other is not None else "like an earlier row"
                drops.append(Drop(row=number, step=tally.number, reason=like))
    return drops


def _at(file: IO[bytes], place: int) -> tuple[int | None, Row]:
    file.seek(place)
    return split(from_json(file.readline()))


def _text(row: Row, columns: tuple[str, ...]) -> str:
    """Return what of a row is compared: its texts in the columns, other values as JSON."""
    values = (row[column] for column in columns_of(row, columns))
    return "\n".join(value if isinstance(value, str) else to_json(value).decode() for value in values if value is not None)
