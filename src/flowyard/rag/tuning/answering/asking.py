"""Asking the flow: runs of the workspace, whose rows are questions with what each configuration found of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any, Protocol

from flowyard.compute.ports import JobContext, StageReport
from flowyard.data.working import acting
from flowyard.flows.runs.guarding import note_data
from flowyard.flows.runs.ports import RunRecord
from flowyard.flows.runs.store import RunStore
from flowyard.flows.runs.uploads import UploadStore
from flowyard.foundation.codecs import to_json
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.identity.model import Caller
from flowyard.rag.questions.model import Question
from flowyard.rag.tuning.answering.editing import FOUND
from flowyard.rag.tuning.answering.judging import JUDGED, Judging, Material
from flowyard.rag.tuning.answering.plan import AnswerPlan
from flowyard.rag.tuning.answering.report import Answered, answers_of, effects_of_prompts, told_answers, told_judge
from flowyard.rag.tuning.answering.scoring import Answer, scored, with_judgement
from flowyard.rag.tuning.report import recommended, told_effects
from flowyard.rag.tuning.searching import Asked
from flowyard.tracing.guarding import Tags, TraceGuards
from flowyard.wire.index_tunings import IndexTuning, TuningAnswers
from flowyard.wire.runs import RunCreate

#: The share of answers that is chosen by, where questions are held out.
_CHOSEN_BY = 0.6
_QUESTION = "flowyard_question"
#: Answers at once. Two would share a model of this machine, and the time of each would be of both.
_AT_ONCE = 1
Entities = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a configuration found of a question, as a lookup returns it, and the access tags of the documents that it is of."""

    entities: Entities
    tags: frozenset[Tags]


class AnswerRuns(Protocol):
    """Carries runs out, as `flows.runs.job.RunJob` does."""

    def make(self, caller: Caller, request: RunCreate, flow_name: str, job_id: str) -> RunRecord:
        """Return the run of a job, made now or by an earlier attempt."""
        ...

    def within(self, context: JobContext, record: RunRecord, report: StageReport, acts_for: str | None) -> Path:
        """Carry a run out within a stage, from where it is on, and return its folder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Has the flow answer by the best configurations.

    Attributes:
        context: the job's.
        plan: what is asked, and how.
        by: who began it, as the audit trail shows them.
        acts_for: by whose access tags the flow sees documents.
        runs: carry out.
        uploads: where the rows are kept.
        guards: keep for what answers are withheld.
        passages: of places of configurations and a question's number, what each finds.
        judging: has answers judged; None: nobody judges.
    """

    context: JobContext
    plan: AnswerPlan
    by: str
    acts_for: str | None
    runs: AnswerRuns
    uploads: UploadStore
    guards: TraceGuards
    passages: Callable[[Sequence[int], int], list[Found]]
    judging: Judging | None = None
    made: list[str] = field(default_factory=list[str])

    def __call__(self, found: IndexTuning, finalists: Sequence[int], asked: Asked, report: StageReport) -> IndexTuning:
        """Return the report of a search with answers by its configurations at the places `finalists`, the present one's first."""
        variants = self.plan.variants or ("",)
        tried = [Answered(found.trials[place].id, variant) for place, variant in product(finalists, variants)]
        places = {found.trials[place].id: place for place in finalists}
        held_out = range(asked.chosen_by, len(asked.questions))
        share = round(self.plan.max_answers * (_CHOSEN_BY if held_out else 1))
        questions = range(min(asked.chosen_by, max(1, share // len(tried))))
        if self.judging is not None:
            self.judging.share = _CHOSEN_BY if held_out else 1.0
        for one, answers in self._answers("chosen by", tried, places, (asked, questions), report).items():
            tried[one].seen = answers
        if self.judging is not None and not tried[0].seen:
            raise InvalidInputError(
                f"The judge {self.judging.model!r} gave no score to all answers to any question: "
                f"{self.judging.problem or 'its tokens were spent'}.",
                remedy="Name a judge that answers in the form that is asked for, such as a model of some billion parameters.",
                location=Location(pointer="/answers/judge"),
            )
        best = tried[recommended(tried)]
        again = [one for one in tried if one.trial in {tried[0].trial, best.trial} and one.variant in {tried[0].variant, best.variant}]
        left = (self.plan.max_answers - len(questions) * len(tried)) // len(again)
        if len(again) > 1 and held_out and left > 0:
            if self.judging is not None:
                self.judging.share = 1.0
            for one, answers in self._answers("confirmed by", again, places, (asked, held_out[:left]), report).items():
                again[one].held_out = answers
        return self._reported(found, tried)

    def _reported(self, found: IndexTuning, tried: Sequence[Answered]) -> IndexTuning:
        every, prompts = answers_of(tried), effects_of_prompts(tried)
        best = next(one for one in every if one.recommended)
        return replace(
            found,
            answers=TuningAnswers(
                flow=self.plan.flow,
                lookup=self.plan.lookup,
                measure=self.plan.measure,
                variants=self.plan.variants,
                runs=tuple(self.made),
                tried=every,
                stopped=None if self.judging is None else self.judging.stopped,
                judge=None if self.judging is None else self.judging.told(),
            ),
            recommended=best.trial,
            effects=(*found.effects, *prompts),
            sentences=(*told_answers(every, self.plan.measure), *self._judge_told(), *told_effects(prompts), *found.sentences),
        )

    def _judge_told(self) -> tuple[str, ...]:
        if self.judging is None:
            return ()
        return (*told_judge(self.judging.told()), *((self.judging.stopped,) if self.judging.stopped else ()))

    def _answers(
        self,
        what: str,
        tried: Sequence[Answered],
        places: Mapping[str, int],
        about: tuple[Asked, range],
        report: StageReport,
    ) -> dict[int, list[Answer]]:
        """Return by place in `tried` the answers to the questions of these numbers, in their order."""
        asked, numbers = about
        trials = list(dict.fromkeys(one.trial for one in tried))
        variants = tuple(dict.fromkeys(one.variant for one in tried if one.variant))
        found = [self.passages([places[trial] for trial in trials], number) for number in numbers]
        rows = [
            (self._row(asked.questions[number], trial, one.entities), one.tags)
            for number, each in zip(numbers, found, strict=True)
            for trial, one in zip(trials, each, strict=True)
        ]
        folder = self._run(what, rows, variants, report)
        answers: dict[int, list[Answer]] = {place: [] for place in range(len(tried))}
        place_of = {(one.trial, one.variant): place for place, one in enumerate(tried)}
        with RunStore(folder) as store:
            for line in store.each():
                row, column = divmod(line.line, len(trials))
                place = place_of[trials[column], line.variant]
                right = asked.questions[numbers[row]].answer
                answers[place].append(scored(line, self.plan.output, found[row][column].entities, right, self.plan.measure))
        if self.judging is None:
            return answers
        columns = [trials.index(one.trial) for one in tried]
        contexts = [[each[column] for column in columns] for each in found]
        asks = [asked.questions[number].text for number in numbers]
        return self._judged(self.judging, what, answers, list(zip(asks, contexts, strict=True)), report)

    def _judged(
        self,
        judging: Judging,
        what: str,
        answers: Mapping[int, Sequence[Answer]],
        about: Sequence[tuple[str, Sequence[Found]]],
        report: StageReport,
    ) -> dict[int, list[Answer]]:
        """Return answers with what the judge says of them; where that is measured, without questions to which one has no score.

        An answer that claims nothing is not judged: it counts 0, whatever the measure. `about` has each question, with what was found that
        each answer was made from.
        """
        measure = self.plan.measure
        kept: dict[int, list[Answer]] = {place: [] for place in answers}
        for row, (query, passages) in enumerate(about):
            report.detail(f"judged by {judging.model}: {row} of {len(about)} questions")
            self.context.check_canceled()
            claiming = [place for place, given in answers.items() if given[row].said]
            materials = [_material(query, answers[place][row].text, passages[place]) for place in claiming]
            said = dict(zip(claiming, judging.scores(f"{what} {row}", materials), strict=True))
            if measure in JUDGED and any(each.get(measure) is None for each in said.values()):
                judging.left_out += 1
                continue
            for place, given in answers.items():
                kept[place].append(with_judgement(given[row], said.get(place, {}), measure))
        return kept

    def _row(self, question: Question, trial: str, entities: Entities) -> dict[str, Any]:
        columns = question.columns
        history = columns.get("chat_history")
        follows_up = self.plan.history is not None and isinstance(history, list)
        row: dict[str, Any] = {_QUESTION: question.asked if follows_up else question.text, "configuration": trial, FOUND: entities}
        if self.plan.history is not None:
            row["chat_history"] = history if follows_up else []
        return {name: columns[name] for name in (*self.plan.needed, *self.plan.other) if name in columns} | row

    def _run(
        self, what: str, given: Sequence[tuple[Mapping[str, Any], frozenset[Tags]]], variants: tuple[str, ...], report: StageReport
    ) -> Path:
        rows = [row for row, _ in given]
        with self.uploads.begin(self.context.workspace_id) as incoming:
            for row in rows:
                incoming.write(to_json(row) + b"\n")
            data = incoming.keep_file("questions.jsonl").reference
        note_data(self.guards, self.context.workspace_id, data, [tags for _, tags in given])
        mapping = {name: f"${{data.{name}}}" for name in (*self.plan.needed, *self.plan.other) if all(name in row for row in rows)}
        if self.plan.history is not None:
            mapping[self.plan.history] = "${data.chat_history}"
        request = RunCreate(
            flow=self.plan.flow,
            snapshot=self.plan.snapshot,
            name=f"{self.plan.flow[:60]}-{self.context.job_id[-12:]}-{what.replace(' ', '-')}",
            display_name=f"Answers by configurations of an index, {what}",
            tags={"tuning": self.context.job_id},
            data=data,
            column_mapping={**mapping, self.plan.question: f"${{data.{_QUESTION}}}", FOUND: f"${{data.{FOUND}}}"},
            variants=variants,
            concurrency=_AT_ONCE,
        )
        record = self.runs.make(acting(self.context, self.by), request, self.plan.flow, self.context.job_id)
        self.made.append(record.name)
        return self.runs.within(self.context, record, report, self.acts_for)


def _material(query: str, response: str, found: Found) -> Material:
    context = "\n\n".join(str(entity["text"]) for entity in found.entities)
    return Material(query=query, response=response, context=context, tags=tuple(sorted(found.tags)))
