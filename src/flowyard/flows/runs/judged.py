"""Which rows of a run passed, as evaluators say it in outputs: ``<score>_result`` is ``pass``, ``fail`` or ``unknown``."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import cast, get_args

import msgspec

from flowyard.flows.runs.columns import columns_of
from flowyard.wire.runs import RunLineCounts, Verdict, VerdictCounts

_ENDING = "_result"
_WORDS: dict[bytes, Verdict] = {f'"{word}"'.encode(): word for word in get_args(Verdict)}
_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])


def verdicts_in(outputs: str) -> dict[str, Verdict]:
    """Return the verdict on each score in a row's outputs (JSON)."""
    if f'{_ENDING}"' not in outputs:
        return {}
    return {
        name.removesuffix(_ENDING): word
        for name, value in _DECODER.decode(outputs).items()
        if name.endswith(_ENDING) and (word := _WORDS.get(bytes(value))) is not None
    }


def worst(verdicts: Iterable[Verdict]) -> Verdict | None:
    """Return what several verdicts say of a row: one score failed and it fails, one is unknown and so is it; None without any."""
    found = set(verdicts)
    return next((word for word in ("fail", "unknown", "pass") if word in found), None)


def verdict_on(outputs: str, score: str | None = None) -> Verdict | None:
    """Return the verdict on a row with these outputs (JSON): that on `score`, or what all of its scores say."""
    found = verdicts_in(outputs)
    return worst(found.values()) if score is None else found.get(score)


def counted(rows: Iterable[Sequence[tuple[int, str, str]]]) -> RunLineCounts:
    """Count rows, each a line, a status and outputs (JSON) and many at a time, by how they ended and by verdict."""
    ended, whole, scores = Counter[str](), Counter[Verdict | None](), dict[str, Counter[Verdict | None]]()
    for some in rows:
        ended.update(status for _, status, _ in some)
        for found, times in _alike([outputs for _, _, outputs in some if f'{_ENDING}"' in outputs]):
            whole[worst(found.values())] += times
            for name, word in found.items():
                scores.setdefault(name, Counter())[word] += times
    return RunLineCounts(
        completed=ended["completed"],
        failed=ended["failed"],
        verdicts=_counts(whole),
        scores={name: _counts(counts) for name, counts in scores.items()},
    )


def _alike(outputs: Sequence[str]) -> Iterator[tuple[dict[str, Verdict], int]]:
    """Yield the verdicts of rows with these outputs (JSON), and how many rows have just these."""
    words = get_args(Verdict)
    found = {
        name.removesuffix(_ENDING): [value if value in words else None for value in values]
        for name, values in columns_of(outputs).items()
        if name.endswith(_ENDING)
    }
    for row, times in Counter(zip(*found.values(), strict=True)).items():
        yield {name: word for name, word in zip(found, row, strict=True) if word is not None}, times


def _counts(found: "Counter[Verdict | None]") -> VerdictCounts:
    words = cast("dict[str, int]", found)
    return VerdictCounts(passed=words["pass"], failed=words["fail"], unknown=words["unknown"])
