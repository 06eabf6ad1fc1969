"""The search: rung by rung with successive halving, then those that are left on questions that nothing was chosen by."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flowyard.compute.ports import JobContext, StageReport
from flowyard.foundation.codecs import convert, plain
from flowyard.identity.access import EVERYTHING
from flowyard.rag.measuring.metrics import RULE
from flowyard.rag.ports import IndexReader, Reranker
from flowyard.rag.questions.model import Question
from flowyard.rag.search.model import SearchHit
from flowyard.rag.search.service import Searcher
from flowyard.rag.tuning.budget import Budget
from flowyard.rag.tuning.effects import effects
from flowyard.rag.tuning.halving import rungs, survivors
from flowyard.rag.tuning.report import Tried, frontier_of, recommended, sentences, told_effects, trials
from flowyard.rag.tuning.space import Arm, arm_of
from flowyard.rag.tuning.trialing import Observed, Trials, query_of
from flowyard.wire.index_tunings import IndexConfiguration, IndexTuning, TuningMeasure, TuningRung

#: So many questions are one recorded step.
_SHARD = 20
#: Of so many questions and more, this share is held out: nothing is chosen by it.
_ENOUGH, _HELD_OUT = 50, 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Questions in the order in which they are asked: configurations are chosen by the first, and confirmed by the held out ones."""

    questions: tuple[Question, ...]
    chosen_by: int

    @classmethod
    def of(cls, questions: Sequence[Question], seed: int) -> "Asked":
        """Return questions in an order of chance; of few, none is held out."""
        order = list(questions)
        random.Random(seed).shuffle(order)  # noqa: S311 - an order that can be repeated
        held_out = round(_HELD_OUT * len(order)) if len(order) >= _ENOUGH else 0
        return cls(questions=tuple(order), chosen_by=len(order) - held_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shard:
    """What some configurations found of some questions, and how many seconds that took."""

    rows: tuple[tuple[Observed, ...], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class _Opened:
    reader: IndexReader
    trials: Trials
    vectors: Sequence[Sequence[float]]


class ConfigurationSearch:
    """A search over the configurations of those arms that have an index. Shards are recorded steps.

    Args:
        context: the job's.
        asked: the questions.
        measure: what is to be high.
        rerankers: by their names.
        budget: what is left of it.
    """

    def __init__(
        self, context: JobContext, asked: Asked, measure: TuningMeasure, rerankers: Mapping[str, Reranker], budget: Budget
    ) -> None:
        self._context = context
        self._asked = asked
        self._measure: TuningMeasure = measure
        self._rerankers = rerankers
        self._budget = budget
        self._opened: dict[Arm, _Opened] = {}
        self._tried: list[Tried] = []
        self._rungs: list[TuningRung] = []
        self._stopped: str | None = None

    def open(self, arm: Arm, reader: IndexReader, vectors: Sequence[Sequence[float]]) -> None:
        """Have an arm's index, and the vectors of the questions by its model, in their order."""
        self._opened[arm] = _Opened(reader, Trials(reader, self._rerankers, self._measure), vectors)

    def run(self, configurations: Sequence[IndexConfiguration], report: StageReport) -> None:
        """Try configurations, the present one first; those without an index are left out."""
        self._tried = [Tried(one) for one in configurations if arm_of(one) in self._opened]
        active, start = list(range(len(self._tried))), 0
        ends = rungs(len(active), self._asked.chosen_by)
        for number, end in enumerate(ends):
            done = self._rung(number, active, (start, end), report)
            if done == start:
                break
            last = number == len(ends) - 1 or done < end
            kept = [] if last else survivors([self._tried[place].standing() for place in active])
            kept_places = active if last else sorted({0, *(active[place] for place in kept)})
            self._rungs.append(TuningRung(questions=done, configurations=len(active), kept=len(kept_places)))
            if last:
                break
            active, start = kept_places, end
        if self._asked.chosen_by < len(self._asked.questions) and not self._stopped:
            self._confirm(sorted({0, recommended(self._tried), *frontier_of(self._tried)}), report)

    def reported(self, found: IndexTuning, *, last: bool = True) -> IndexTuning:
        """Return the report of what was found; `last`: nothing else is tried, so that what it recommends is recommended."""
        every = trials(self._tried)
        first = self._rungs[0].questions
        mattering = effects([one.configuration for one in self._tried], [one.seen[:first] for one in self._tried])
        best = every[recommended(self._tried)]
        return replace(
            found,
            configurations=len(self._tried),
            rungs=tuple(self._rungs),
            trials=every,
            effects=mattering,
            recommended=best.id,
            stopped=self._stopped,
            sentences=(*sentences(every, best, self._measure, last=last), *told_effects(mattering)),
        )

    def finalists(self, most: int) -> list[int]:
        """Return the places of the best: the present configuration, the recommended one, and of the frontier the best scores."""
        best = sorted(frontier_of(self._tried), key=lambda place: -self._tried[place].standing().score)
        return list(dict.fromkeys((0, recommended(self._tried), *best)))[:most]

    def hits(self, places: Sequence[int], number: int) -> list[list[SearchHit]]:
        """Return what configurations find of a question, as searches of an index return it."""
        found: list[list[SearchHit]] = []
        for place in places:
            one = self._tried[place].configuration
            opened = self._opened[arm_of(one)]
            query = replace(query_of(one), text=self._asked.questions[number].text, vector=opened.vectors[number])
            reranker = None if one.rerank is None else self._rerankers[one.rerank]
            found.append(Searcher(opened.reader).search(query, EVERYTHING, reranker))
        return found

    def _rung(self, number: int, active: Sequence[int], between: tuple[int, int], report: StageReport) -> int:
        """Ask questions of a rung, and return up to which they were."""
        start, end = between
        for begin in range(start, end, _SHARD):
            if self._budget.spent and begin:
                self._stopped = f"The time that it may take was over on rung {number + 1}, at question {begin}."
                return begin
            report.progress(begin, self._asked.chosen_by, "questions")
            report.detail(f"rung {number + 1}: {len(active)} configurations")
            self._shard(f"rung {number + 1}", active, (begin, min(begin + _SHARD, end)), held_out=False)
        for place in active:
            self._tried[place].rungs = number + 1
        return end

    def _confirm(self, places: Sequence[int], report: StageReport) -> None:
        first, last = self._asked.chosen_by, len(self._asked.questions)
        for begin in range(first, last, _SHARD):
            report.progress(begin - first, last - first, "questions")
            report.detail(f"confirmed: {len(places)} configurations")
            self._shard("confirm", places, (begin, min(begin + _SHARD, last)), held_out=True)

    def _shard(self, what: str, places: Sequence[int], between: tuple[int, int], *, held_out: bool) -> None:
        self._context.check_canceled()
        name = f"{what}: questions from {between[0]} by rule {RULE}"
        kept = self._context.step(name, lambda: plain(self._observed(places, slice(*between))))
        shard = convert(kept, _Shard)
        self._budget.add(shard.seconds)
        for place, row in zip(places, shard.rows, strict=True):
            (self._tried[place].held_out if held_out else self._tried[place].seen).extend(row)

    def _observed(self, places: Sequence[int], part: slice) -> _Shard:
        """Ask each index once for all of its configurations, and return the rows of `places`."""
        began = time.monotonic()
        rows: dict[int, tuple[Observed, ...]] = {}
        for arm, opened in self._opened.items():
            mine = [place for place in places if arm_of(self._tried[place].configuration) == arm]
            if mine:
                configurations = [self._tried[place].configuration for place in mine]
                seen = opened.trials(configurations, self._asked.questions[part], opened.vectors[part], self._context.check_canceled)
                rows |= {place: tuple(each[column] for each in seen) for column, place in enumerate(mine)}
        return _Shard(rows=tuple(rows[place] for place in places), seconds=time.monotonic() - began)
