"""Answers by the best configurations of a search: a flow's, run by the engine, with variants of its prompt."""

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from flowyard import Workspace
from flowyard.compute.ports import JobContext, StageReport
from flowyard.evaluation.citations import claims_in
from flowyard.flows.runs.job import RunJob, RunSurroundings
from flowyard.flows.runs.ports import RunRecord
from flowyard.foundation.codecs import convert
from flowyard.foundation.errors import FlowyardError, InvalidInputError, RemoteError
from flowyard.rag.tuning.answering.editing import FOUND, with_given, with_lookups
from flowyard.wire.identity import ApiKeyCreate
from flowyard.wire.index_tunings import IndexTuning, TuningAnswersCreate, TuningSpace
from flowyard.wire.indexes import AccessRule, ChunkRecipe
from flowyard.wire.runs import RunLine
from support.built_indexes import IndexBuilder
from support.inline_jobs import run_inline
from support.model_gateway import model_gateway
from support.obedient_model import ObedientModel, said
from support.online_installation import InlineContext
from support.tuned_indexes import built_index, question_set, tuning_job

FLOW = """# What the handbook says.
inputs:
  question: {type: string, is_chat_input: true}
  tone: {type: string, default: "plain"}
outputs:
  answer: {type: string, reference: "${answer.output}", is_chat_output: true}
nodes:
- name: find  # in the index
  type: python
  source:
    type: package
    tool: promptflow_vectordb.tool.common_index_lookup.search
  inputs:
    mlindex_content: azureml:docs:latest
    queries: ${inputs.question}
    top_k: 3
- name: answer
  use_variants: true
node_variants:
  answer:
    default_variant_id: unsure
    variants:
      quoting:
        node:
          name: answer
          type: python
          source: {type: code, path: quoting.py}
          inputs: {found: "${find.output}", tone: "${inputs.tone}"}
      unsure:
        node:
          name: answer
          type: python
          source: {type: code, path: unsure.py}
          inputs: {found: "${find.output}"}
"""
QUOTING = """
from promptflow.core import tool

@tool
def quoting(found: list, tone: str) -> str:
    best = found[0]
    assert best["metadata"]["source"]["filename"].startswith("d") and best["additional_fields"]["scores"]
    return " ".join(best["text"].split()[:12]) + " [1]."
"""
UNSURE = """
from promptflow.core import tool

@tool
def unsure(found: list) -> str:
    return "I don't know."
"""
SURE_OF_IT = UNSURE.replace("I don't know.", "The garage opens at seven on Sundays [1].")
FILES = {"flow.dag.yaml": FLOW, "quoting.py": QUOTING, "unsure.py": UNSURE}
SURE = FILES | {"unsure.py": SURE_OF_IT}
SPACE = TuningSpace(chunks=(ChunkRecipe(max_tokens=64, overlap_tokens=8),), top_k=(1, 3), vector_weights=(0.5,))


@pytest.fixture
def build(services: Any, ws: Workspace, tmp_path: Path) -> IndexBuilder:
    made = built_index(services, ws, tmp_path / "documents")
    make_flow(ws, "handbook", FILES)
    return made


def make_flow(ws: Workspace, name: str, files: Mapping[str, str]) -> None:
    ws.flows.create(name, template="python")
    for path, content in files.items():
        there = {file.path: file for file in ws.flows.files(name)}.get(path)
        ws.flows.write(name, path, content, etag=None if there is None else ws.flows.read(name, path).etag)


class Runs(RunJob):
    """Carries runs out in real row processes; `breaks_off`: before the second one."""

    breaks_off = False
    count = 0

    def within(self, context: JobContext, record: RunRecord, report: StageReport, acts_for: str | None) -> Path:
        self.count += 1
        if self.breaks_off and self.count > 1:
            raise InvalidInputError("The machine went away.")
        return super().within(context, record, report, acts_for)


def runs_of(build: IndexBuilder, tmp_path: Path) -> Runs:
    services = build.services
    around = RunSurroundings(gateway_url="http://127.0.0.1:1", settings=services.settings, spools=tmp_path / "spools")
    return Runs(services.runs._index, services.runs._places, services.connections, services.keys, around, services.runs._guards)


def to_answer(**asked: Any) -> TuningAnswersCreate:
    return convert({"flow": "handbook"} | asked, TuningAnswersCreate)


def search(build: IndexBuilder, ws: Workspace, tmp_path: Path, questions: Path, **answers: Any) -> IndexTuning:
    asked = to_answer(**answers)
    job = ws.indexes.tunings.create("docs", questions, space=SPACE, answers=asked)
    run_inline(build.services, tuning_job(build, runs_of(build, tmp_path)), job.id)
    return ws.indexes.tunings.get("docs", job.id)


def test_answers_are_tried_with_variants_of_a_prompt_and_what_is_best_becomes_a_flow(
    build: IndexBuilder, ws: Workspace, tmp_path: Path
) -> None:
    found = search(build, ws, tmp_path, question_set(build, tmp_path, 60), variants=("all:answer",), max_answers=300)
    assert found.answers is not None
    assert (found.answers.lookup, found.answers.variants) == ("find", ("${answer.unsure}", "${answer.quoting}"))
    tried = {(one.trial, one.variant): one for one in found.answers.tried}
    assert next(iter(tried)) == ("c1", "${answer.unsure}"), "the present configuration with what the flow has by default"
    assert len(tried) == 2 * len({trial for trial, _ in tried})
    for (_, variant), one in tried.items():
        assert one.found.failed == 0
        assert one.found.score.mean == pytest.approx(1 - one.found.unknown), "all that is quoted is supported, if it claims something"
        assert one.found.unknown == 1 if "unsure" in variant else one.found.unknown < 0.7
        assert one.found.questions == 180 // len(tried)
    best = next(one for one in found.answers.tried if one.recommended)
    assert (best.trial, best.variant) == (found.recommended, "${answer.quoting}")
    assert best.confirmed is not None
    assert best.difference is not None
    assert best.difference.verdict == "better"
    assert best.difference.difference == pytest.approx(best.confirmed.score.mean)
    effect = next(one for one in found.effects if one.factor == "prompt")
    assert (effect.value, effect.baseline, effect.matters) == ("${answer.quoting}", "${answer.unsure}", True)
    assert found.sentences[0].startswith(f"Answers by {best.trial} with ${{answer.quoting}} are recommended. On questions that nothing")

    runs = [ws.runs.get(name) for name in found.answers.runs]
    assert [run.flow for run in runs] == ["handbook", "handbook"]
    assert {run.job_id for run in runs} == {found.id}
    asked = sum(run.counts.completed for run in runs)
    assert asked <= 300
    assert asked == sum(one.found.questions + (one.confirmed.questions if one.confirmed else 0) for one in tried.values())

    adopted = ws.indexes.tunings.adopt("docs", found.id, "handbook-2")
    assert (adopted.trial, adopted.variant) == (best.trial, "${answer.quoting}")
    text = ws.flows.read("handbook-2", "flow.dag.yaml").content or ""
    assert "# What the handbook says." in text
    assert "default_variant_id: quoting" in text
    graph = ws.flows.graph("handbook-2")
    assert not [finding for finding in graph.findings if finding.severity == "error"]
    assert [node.tool for node in graph.nodes if node.name == "find"] == ["flowyard.client.index_lookup.lookup"]
    other = ws.indexes.tunings.adopt("docs", found.id, "handbook-3", variant="${answer.unsure}")
    assert other.variant == "${answer.unsure}"
    with pytest.raises(RemoteError, match="no variant"):
        ws.indexes.tunings.adopt("docs", found.id, "handbook-4", variant="${answer.sure}")


def test_a_search_whose_answers_break_off_goes_on_with_the_run_that_it_made(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    asked = TuningAnswersCreate(flow="handbook", variants=("all:answer",), max_answers=60)
    job = ws.indexes.tunings.create("docs", question_set(build, tmp_path, 60), space=SPACE, answers=asked).id
    record = build.services.jobs._store.get(job)
    context = InlineContext(record.workspace_id)
    context.job_id = job
    runs = runs_of(build, tmp_path)
    runs.breaks_off = True
    with pytest.raises(InvalidInputError, match="went away"):
        tuning_job(build, runs).run(context, record.arguments)
    runs.breaks_off = False
    tuning_job(build, runs).run(context, record.arguments)
    found = ws.indexes.tunings.get("docs", job)
    assert found.answers is not None
    assert {run.name for run in ws.runs.list()} == set(found.answers.runs)
    assert len(found.answers.runs) == 2


def test_the_words_of_the_right_answer_are_compared_where_that_is_the_measure(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="row 1 of the questions has none"):
        search(build, ws, tmp_path, question_set(build, tmp_path, 20), measure="f1_score", max_answers=30)
    questions = question_set(build, tmp_path, 20, answer="I don't know.", tone=5)
    found = search(build, ws, tmp_path, questions, measure="f1_score", max_answers=30)
    assert found.answers is not None
    assert found.answers.variants == ()
    first = found.answers.tried[0]
    assert (first.trial, first.variant, first.found.f1_score.mean if first.found.f1_score else None) == ("c1", "", 1.0)
    assert first.confirmed is None, "of twenty questions none is held out"
    line: RunLine = next(ws.runs.lines(found.answers.runs[0], limit=1))
    assert line.inputs["tone"] in {5, "5"}


def test_a_question_that_follows_up_is_asked_with_what_was_said_before(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    inputs = "inputs:\n  chat_history: {type: list, is_chat_history: true}\n"
    make_flow(ws, "talk", FILES | {"flow.dag.yaml": FLOW.replace("inputs:\n", inputs, 1)})
    questions = question_set(build, tmp_path, 6)
    *rest, last = questions.read_text().splitlines()
    before = [{"inputs": {"question": "Where?"}, "outputs": {"answer": "There."}}]
    questions.write_text("\n".join([*rest, json.dumps(json.loads(last) | {"chat_history": before})]))
    found = search(build, ws, tmp_path, questions, flow="talk", max_finalists=1, max_answers=10)
    assert found.answers is not None
    asked = [line.inputs["chat_history"] for line in ws.runs.lines(found.answers.runs[0])]
    assert sorted(asked, key=len) == [[]] * 5 + [before]
    assert found.answers.tried[0].found.failed == 0


def test_rows_that_fail_count_nothing_and_are_said(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    broken = FILES | {"unsure.py": UNSURE.replace('return "I', 'raise ValueError("broken"); return "I')}
    make_flow(ws, "broken", broken)
    found = search(build, ws, tmp_path, question_set(build, tmp_path, 20), flow="broken", max_answers=30)
    assert found.answers is not None
    assert all(one.found.failed == one.found.questions for one in found.answers.tried)
    assert any("answers failed" in sentence for sentence in found.sentences)


FIND = FLOW[FLOW.index("- name: find") : FLOW.index("- name: answer")]
TWO = FLOW.replace(FIND, FIND + FIND.replace("find", "look"))
AB = "a: {type: string}\n  b: {type: string}"
UNNAMED = FLOW.replace("question: {type: string, is_chat_input: true}", AB).replace("inputs.question", "inputs.a")


CANNOT: list[tuple[str, dict[str, Any], str]] = [
    (TWO, {}, "2 nodes that look something up: find, look"),
    (FLOW.replace("tool.common_index_lookup.search", "tool.other"), {}, "has no node that looks something up"),
    (UNNAMED, {}, "is the question: a, b, tone"),
    (FLOW, {"flow": "handbok"}, "no flow 'handbok'"),
    (FLOW, {"variants": ("${answer.sure}",)}, "sure"),
    (FLOW, {"variants": ("answer",)}, "names no variant"),
    (FLOW, {"variants": ("${find.x}",)}, "is the node whose searches are compared"),
    (FLOW, {"output": "reply"}, "no output 'reply'"),
    (FLOW, {"max_finalists": 0}, "max_finalists is from 1 to 10"),
    (FLOW, {"variants": ("all:answer",), "max_answers": 20}, "at least 30"),
    (FLOW, {"measure": "relevance"}, "no judge is named"),
    (FLOW, {"judge": "mine/judge", "max_judge_tokens": 10}, "max_judge_tokens is from 1,000"),
]


def test_what_cannot_answer_is_said_before_anything_is_built(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    questions = question_set(build, tmp_path, 2)
    for text, asked, told in CANNOT:
        ws.flows.write("handbook", "flow.dag.yaml", text, etag=ws.flows.read("handbook", "flow.dag.yaml").etag)
        with pytest.raises(RemoteError, match=told):
            ws.indexes.tunings.create("docs", questions, answers=to_answer(**asked))
    assert not list(ws.runs.list())


def test_answers_from_documents_with_access_tags_are_withheld_row_by_row(
    build: IndexBuilder, ws: Workspace, tmp_path: Path, services: Any, owner_key: str
) -> None:
    rules = tuple(AccessRule(under=f"d{n}.md", tags=("hr",)) for n in range(6))
    build("docs", chunks=ChunkRecipe(max_tokens=64, overlap_tokens=8), access=rules)
    quoting = FILES | {"flow.dag.yaml": FLOW.replace("default_variant_id: unsure", "default_variant_id: quoting")}
    make_flow(ws, "quotes", quoting)
    judge, traces = ObedientModel(chat=lambda _: said("I will not say.")), list[str]()
    asked = to_answer(flow="quotes", judge="mine/judge", measure="supported_claims", max_finalists=1, max_answers=40)
    job = ws.indexes.tunings.create("docs", question_set(build, tmp_path, 20), space=SPACE, answers=asked)
    with model_gateway(judge, traces) as address:
        run_inline(services, tuning_job(build, runs_of(build, tmp_path), address), job.id)
    found = ws.indexes.tunings.get("docs", job.id)
    assert found.answers is not None
    assert found.answers.judge is not None
    assert "will not" not in str(found.answers.judge.problem), "what a judge says may be of the passages"
    [run] = found.answers.runs
    whole = list(ws.runs.lines(run))

    owner = services.sign_in.by_key(owner_key).enter()
    secret = services.keys.create(owner, ApiKeyCreate(name="other", role="contributor")).secret
    other = Workspace(url=ws.transport.url, api_key=secret, workspace="default")
    tagged = {f"d{n}.md" for n in range(6)}
    reads = [{entity["metadata"]["source"]["filename"] for entity in row.inputs[FOUND]} for row in whole]
    hidden = [not read.isdisjoint(tagged) for read in reads]
    assert 0 < sum(hidden) < len(whole)
    page = list(other.runs.lines(run))
    assert [row.withheld for row in page] == hidden
    assert [row.outputs for row in page] == [{} if hides else row.outputs for row, hides in zip(whole, hidden, strict=True)]
    assert [row.inputs for row in page] == [{} if hides else row.inputs for row, hides in zip(whole, hidden, strict=True)]
    assert (ws.runs.get(run).data is None, other.runs.get(run).data) == (False, None)
    exported = io.BytesIO()
    other.runs.export(run, "csv", exported)
    answers = [str(row.outputs["answer"]) for row in whole]
    assert [answer.encode() in exported.getvalue() for answer in answers] == [
        answer not in {one for one, hides in zip(answers, hidden, strict=True) if hides} for answer in answers
    ]
    with pytest.raises(RemoteError, match="has no search"):
        other.indexes.tunings.get("docs", job.id)
    with pytest.raises(RemoteError, match="withheld"):
        other.runs.create(flow="quotes", data=ws.runs.get(run).data, column_mapping={"question": "${data.flowyard_question}"})
    guards = services.runs._guards
    traced = [row.trace_id for row in whole]
    assert [trace in guards.guarded(owner.workspace_id, traced) for trace in traced] == hidden
    judged = [hides for answer, hides in zip(answers, hidden, strict=True) if claims_in(answer)]
    assert 0 < sum(judged) <= len(judged) == len(set(traces))
    assert len(guards.guarded(owner.workspace_id, traces)) == sum(judged)

    services.access.set(owner, "key", "other", ["hr"])
    assert [row.outputs for row in other.runs.lines(run)] == [row.outputs for row in whole]
    assert other.indexes.tunings.get("docs", job.id) == found


@pytest.mark.parametrize("variants", [False, True])
def test_a_flow_s_file_stays_as_it_is_but_for_its_lookup(variants: bool) -> None:
    text = FLOW
    if variants:
        node = FLOW[FLOW.index("  type: python\n  source:\n    type: package") : FLOW.index("- name: answer")]
        text = FLOW.replace(node, '  use_variants: true\n  activate: {when: "${inputs.tone}", is: plain}\n')
        indented = "".join(f"        {line}\n" for line in node.splitlines())
        text += f"  find:\n    default_variant_id: v0\n    variants:\n      v0:\n        node:\n          name: find\n{indented}"
    files = {"flow.dag.yaml": text.encode(), "quoting.py": b""}
    given = with_given(files, "flow.dag.yaml", "find")
    changed = given["flow.dag.yaml"].decode()
    assert "# What the handbook says." in changed
    assert 'default: "plain"' in changed
    assert f"{FOUND}: ${{inputs.{FOUND}}}" in changed
    assert "common_index_lookup" not in changed
    assert ("activate" in changed) is variants
    assert set(given) == {*files, "flowyard_found.py"}

    searching = with_lookups(files, "flow.dag.yaml", "find", [("c7", "short", {"index": "docs", "top_k": 3})], "${answer.quoting}")
    told = searching["flow.dag.yaml"].decode()
    assert "question: ${inputs.question}" in told
    assert "default_variant_id: c7" in told
    assert "default_variant_id: quoting" in told
    assert ("activate" in told) is variants


def judge_of(words: str, *, scores: tuple[int, int] = (5, 2)) -> ObedientModel:
    """A judge: an answer about relevance with `words` gets the first score, any other the second; groundedness is always 4."""

    def chat(body: dict[str, Any]) -> Any:
        material = str(body["messages"][-1]["content"])
        if "context begins" in material:
            return said(json.dumps({"reason": "mostly", "score": 4}), prompt=100)
        return said(json.dumps({"reason": "so", "score": scores[words not in material]}), prompt=100)

    return ObedientModel(chat=chat)


def judged(build: IndexBuilder, ws: Workspace, tmp_path: Path, judge: ObedientModel, **asked: Any) -> IndexTuning:
    questions = question_set(build, tmp_path, 20)
    answers = to_answer(judge="mine/judge", max_finalists=1, max_answers=40, **asked)
    job = ws.indexes.tunings.create("docs", questions, space=SPACE, answers=answers)
    with model_gateway(judge) as address:
        run_inline(build.services, tuning_job(build, runs_of(build, tmp_path), address), job.id)
    return ws.indexes.tunings.get("docs", job.id)


def test_a_judge_scores_answers_beside_words_and_what_it_took_is_said(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    make_flow(ws, "judged", SURE)
    judge = judge_of("[1]")
    found = judged(build, ws, tmp_path, judge, flow="judged", measure="relevance")
    assert found.answers is not None
    assert found.answers.judge is not None
    [one] = found.answers.tried
    assert (one.found.score.mean, one.found.questions, one.found.unknown) == (1.0, 20, 0.0)
    assert one.found.relevance is not None
    assert one.found.groundedness is not None
    assert (one.found.relevance.mean, one.found.groundedness.mean) == (1.0, 0.75), "1 to 5 as 0 to 1"
    told = found.answers.judge
    assert (told.model, told.calls, told.prompt_tokens, told.left_out) == ("mine/judge", 40, 4000, 0)
    assert told.cost is not None
    assert told.cost.micros == "7"
    assert any(sentence.startswith("Groundedness and relevance were judged by mine/judge: 40 calls") for sentence in found.sentences)
    assert {body["model"] for body in judge.bodies} == {"mine/judge"}
    assert found.answers.stopped is None


def test_what_claims_nothing_is_not_judged_and_counts_nothing(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    judge = judge_of("[1]")
    found = judged(build, ws, tmp_path, judge, measure="groundedness")
    assert found.answers is not None
    assert [one.found.score.mean for one in found.answers.tried] == [0.0]
    assert judge.bodies == []


def test_questions_are_left_out_once_the_judge_s_tokens_are_spent(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    make_flow(ws, "judged", SURE)
    judge = judge_of("[1]")
    found = judged(build, ws, tmp_path, judge, flow="judged", measure="relevance", max_judge_tokens=1000)
    assert found.answers is not None
    assert found.answers.judge is not None
    assert len(judge.bodies) == 10, "five answers of 210 tokens are more than 1,000"
    assert (found.answers.tried[0].found.questions, found.answers.judge.left_out) == (5, 15)
    assert found.answers.stopped is not None
    assert found.answers.stopped.startswith("15 answers were not judged")
    assert found.answers.stopped in found.sentences


def test_a_judge_that_says_no_score_or_nothing_is_told(build: IndexBuilder, ws: Workspace, tmp_path: Path) -> None:
    make_flow(ws, "judged", SURE)
    with pytest.raises(InvalidInputError, match=r"gave no score .* no score in 'What a fine answer\.'"):
        judged(build, ws, tmp_path, ObedientModel(chat=lambda body: said("What a fine answer.")), flow="judged", measure="relevance")
    beside = judged(build, ws, tmp_path, ObedientModel(chat=lambda body: said("What a fine answer.")), flow="judged")
    assert beside.answers is not None
    assert beside.answers.judge is not None
    assert beside.answers.tried[0].found.relevance is None
    assert "no score in" in (beside.answers.judge.problem or "")
    with pytest.raises(FlowyardError, match="The judge 'mine/judge' answers nothing"):
        judged(build, ws, tmp_path, ObedientModel(chat=lambda body: (400, "no such model")), flow="judged", measure="relevance")
