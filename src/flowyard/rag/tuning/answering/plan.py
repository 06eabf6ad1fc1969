"""What answers are tried with: read from the flow that gives them, before anything is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from flowyard.catalog.verify.probe import Subject
from flowyard.flows.folders import read_files
from flowyard.flows.format.variants import parse_variant
from flowyard.flows.model import FlowOptions, FlowSpec
from flowyard.flows.rules import load_valid
from flowyard.flows.runs.prepare import named_variants
from flowyard.flows.snapshots import SnapshotStore
from flowyard.foundation.errors import InvalidInputError, Location, nearest
from flowyard.rag.questions.model import ASKED_IN, Question
from flowyard.rag.tuning.answering.editing import LOOKUP, with_given
from flowyard.rag.tuning.answering.judging import JUDGED, JudgePlan
from flowyard.wire.index_tunings import AnswerMeasure, TuningAnswersCreate
from flowyard.wire.runs import RunCreate

#: The tools that look something up in an index.
LOOKUPS = frozenset(
    {
        LOOKUP,
        "promptflow_vectordb.tool.common_index_lookup.search",
        "promptflow_vectordb.tool.vector_index_lookup.VectorIndexLookup.search",
    }
)
_BOUNDS = {"max_finalists": (1, 10), "max_answers": (10, 100_000), "max_judge_tokens": (1_000, 10**12)}
#: Fewer questions than this for a configuration and a variant say nothing.
_FEWEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerPlan:
    """What answers are tried with.

    Attributes:
        flow: what the flow is called.
        snapshot: its files, with a lookup that is given what a configuration found.
        lookup: that node.
        variants: ``${node.variant_id}``, those that it is compared with behind the first; empty: the flow as it is.
        question, history: its inputs that take the question, and what was said before.
        needed, other: its further inputs, without and with a default, which columns of the same name feed.
        output: its output that is the answer.
        judge: who judges answers; None: nobody.
    """

    flow: str
    snapshot: str
    lookup: str
    variants: tuple[str, ...]
    question: str
    history: str | None
    needed: tuple[str, ...]
    other: tuple[str, ...]
    output: str
    measure: AnswerMeasure
    max_finalists: int
    max_answers: int
    judge: JudgePlan | None = None

    def check(self, questions: Sequence[Question]) -> None:
        """Raise InvalidInputError unless the questions have what the flow and the measure need."""
        for name in self.needed:
            without = next((question for question in questions if name not in question.columns), None)
            if without is not None:
                raise _wrong(
                    f"The flow {self.flow!r} needs {name!r}, and row {without.line} of the questions has no such column.",
                    remedy="Give the input a default, or the questions this column.",
                )
        if self.measure == "f1_score" and not all(question.answer for question in questions):
            line = next(question.line for question in questions if not question.answer)
            raise _wrong(
                f"f1_score compares with the right answer, and row {line} of the questions has none.",
                remedy="Give each question an answer, or choose supported_claims.",
                name="measure",
            )


class FlowFolders(Protocol):
    """Where flows are, as `flows.authoring.FlowStore` has them."""

    def folder(self, workspace: str, flow: str) -> Path:
        """Return a flow's folder; raise FlowNotFoundError."""
        ...


@dataclass(frozen=True, slots=True)
class AnsweringFlows:
    """The flows of workspaces, as a search asks for them."""

    flows: FlowFolders
    snapshots: SnapshotStore

    def files(self, workspace: str, flow: str) -> tuple[dict[str, bytes], FlowSpec]:
        """Return a flow's files, as a snapshot has them, and what they say.

        Raises:
            FlowNotFoundError: there is no such flow.
            InvalidFlowError: it has errors.
            InvalidInputError: it is no flow of nodes.
        """
        folder = self.flows.folder(workspace, flow)
        files = read_files(folder, folder.parent)
        kept = self.snapshots.folder(self.snapshots.keep(files).digest)
        spec = load_valid(kept, FlowOptions(root=kept))
        if spec.kind != "dag":
            raise _wrong(f"{flow!r} is no flow of nodes, so nothing can be put in the place of its lookup.", remedy="Choose a DAG flow.")
        return files, spec

    def plan(self, workspace: str, asked: TuningAnswersCreate, judge: Subject | None) -> AnswerPlan:
        """Return what answers are tried with, and keep the snapshot that gives them.

        Args:
            workspace: the flow's.
            asked: what is asked for.
            judge: the model that it names as judge; None: it names none.

        Raises:
            FlowNotFoundError, InvalidFlowError: there is no such flow, or it has errors.
            InvalidInputError: it does not look something up in one node, or a bound, variant or output is not valid.
        """
        files, spec = self.files(workspace, asked.flow)
        lookup = lookup_of(spec, asked.flow)
        variants = _variants(spec, asked, lookup)
        _check_bounds(asked, len(variants) or 1)
        if asked.measure in JUDGED and judge is None:
            raise _wrong(
                f"{asked.measure} is judged by a model, and no judge is named.",
                remedy="Name a judge (--judge CONNECTION/MODEL), or choose supported_claims, which needs none.",
                name="judge",
            )
        question = _question_of(spec, asked.flow)
        history = spec.chat_history
        rest = [one for one in spec.inputs.values() if one.name not in {question, history}]
        return AnswerPlan(
            flow=asked.flow,
            snapshot=self.snapshots.keep(with_given(files, spec.file, lookup)).digest,
            lookup=lookup,
            variants=variants,
            question=question,
            history=history,
            needed=tuple(one.name for one in rest if not one.has_default),
            other=tuple(one.name for one in rest if one.has_default),
            output=_output_of(spec, asked),
            measure=asked.measure,
            max_finalists=asked.max_finalists,
            max_answers=asked.max_answers,
            judge=None if judge is None else JudgePlan(subject=judge, most_tokens=asked.max_judge_tokens),
        )


def _variants(spec: FlowSpec, asked: TuningAnswersCreate, lookup: str) -> tuple[str, ...]:
    found = named_variants(RunCreate(variants=asked.variants), spec.folder, spec.folder)
    nodes = list(dict.fromkeys(parse_variant(one)[0] for one in found))
    if len(nodes) > 1:
        raise _wrong(f"The variants are of {' and '.join(nodes)}.", remedy="Compare variants of one node at a time.", name="variants")
    if lookup in nodes:
        raise _wrong(f"{lookup!r} is the node whose searches are compared.", remedy="Name variants of another node.", name="variants")
    for one in found:
        load_valid(spec.folder, FlowOptions(variant=one, root=spec.folder))
    default = {f"${{{name}.{table.default}}}" for name, table in spec.node_variants.items()}
    return tuple(sorted(found, key=lambda one: one not in default))


def lookup_of(spec: FlowSpec, flow: str) -> str:
    """Return the one node of a flow that looks something up.

    Raises:
        InvalidInputError: it has none, or several.
    """
    found = [node.name for node in spec.nodes if node.source is not None and node.source.tool in LOOKUPS]
    if len(found) != 1:
        told = f"has {len(found)} nodes that look something up: {', '.join(found)}" if found else "has no node that looks something up"
        raise _wrong(
            f"The flow {flow!r} {told}.",
            remedy="Choose a flow with one lookup in an index, such as one of the template documents.",
        )
    return found[0]


def _check_bounds(asked: TuningAnswersCreate, variants: int) -> None:
    for name, (least, most) in _BOUNDS.items():
        if not least <= getattr(asked, name) <= most:
            raise _wrong(f"{name} is from {least:,} to {most:,}.", name=name)
    least = _FEWEST * asked.max_finalists * variants
    if asked.max_answers < least:
        raise _wrong(
            f"{asked.max_answers} answers are too few for {asked.max_finalists} configurations with {variants} variants.",
            remedy=f"Allow at least {least}, or fewer configurations or variants.",
            name="max_answers",
        )


def _question_of(spec: FlowSpec, flow: str) -> str:
    needed = [one.name for one in spec.inputs.values() if not one.has_default and one.name != spec.chat_history]
    found = spec.chat_input or next((name for name in ASKED_IN if name in spec.inputs), None) or (needed[0] if len(needed) == 1 else None)
    if found is None:
        raise _wrong(
            f"None of the inputs of {flow!r} is the question: {', '.join(spec.inputs) or 'it has none'}.",
            remedy="Call it question, or mark it: is_chat_input: true.",
        )
    return found


def _output_of(spec: FlowSpec, asked: TuningAnswersCreate) -> str:
    names = list(spec.outputs)
    if asked.output:
        if asked.output in names:
            return asked.output
        near = nearest(asked.output, names)
        raise _wrong(
            f"The flow {asked.flow!r} has no output {asked.output[:100]!r}.",
            remedy=f"Did you mean {near!r}?" if near else f"It has: {', '.join(names)}.",
            name="output",
        )
    found = spec.chat_output or ("answer" if "answer" in names else None) or (names[0] if len(names) == 1 else None)
    if found is None:
        raise _wrong(f"Which output of {asked.flow!r} is the answer?", remedy=f"Name one of: {', '.join(names)}.", name="output")
    return found


def _wrong(message: str, *, remedy: str | None = None, name: str = "flow") -> InvalidInputError:
    return InvalidInputError(message, remedy=remedy, location=Location(pointer=f"/answers/{name}"))
