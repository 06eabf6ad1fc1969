"""Which rows of a run passed, as evaluators say it in outputs: ``<score>_result`` is ``pass``, ``fail`` or ``unknown``."""

from collections import Counter
from collections.abc import Iterable
from typing import cast, get_args

import msgspec

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


def counted(rows: Iterable[tuple[str, str]]) -> RunLineCounts:
    """Count rows, each a status and outputs (JSON), by how they ended and by verdict."""
    ended, whole, scores = Counter[str](), Counter[Verdict | None](), dict[str, Counter[Verdict | None]]()
    for status, outputs in rows:
        ended[status] += 1
        found = verdicts_in(outputs)
        whole[worst(found.values())] += 1
        for name, word in found.items():
            scores.setdefault(name, Counter())[word] += 1
    return RunLineCounts(
        completed=ended["completed"],
        failed=ended["failed"],
        verdicts=_counts(whole),
        scores={name: _counts(counts) for name, counts in scores.items()},
    )


def _counts(found: "Counter[Verdict | None]") -> VerdictCounts:
    words = cast("dict[str, int]", found)
    return VerdictCounts(passed=words["pass"], failed=words["fail"], unknown=words["unknown"])
