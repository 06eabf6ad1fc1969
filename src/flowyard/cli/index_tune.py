"""``flowyard index tune``, ``tunings`` and ``adopt``: a better configuration of an index, found by search."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flowyard.cli.index_measure import IN_POINTS, difference_text, mean_text
from flowyard.cli.index_preview import WAY, way_of
from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import follow, workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.index_tunings import IndexTuning, TuningAnswers, TuningAnswersCreate, TuningSpace, TuningTrial

Index = Annotated[str, typer.Argument(help="The index.")]


def tune(  # noqa: PLR0917 - what may be searched over
    index: Index,
    questions: Annotated[str, typer.Option(help="A question set: azureml:NAME:VERSION, or a file of this machine.")],
    version: Annotated[str, typer.Option(help="A version or a label.")] = "latest",
    chunks: Annotated[list[str] | None, typer.Option(help=f"A way of cutting, {WAY}; several times. Four without it.")] = None,
    embedding_model: Annotated[list[str] | None, typer.Option(help="An embedding model; several times. The index's without it.")] = None,
    kinds: Annotated[str, typer.Option(help="Kinds of search, with commas between.")] = "hybrid,vector,text",
    vector_weights: Annotated[str, typer.Option(help="Shares of vectors in hybrid searches.")] = "0.3,0.5,0.7",
    top_k: Annotated[str, typer.Option("--top-k", help="How many chunks a model is given: of 1, 3, 5, 10.")] = "3,5,10",
    rerank: Annotated[list[str] | None, typer.Option(help="A reranking model to try besides none; several times.")] = None,
    measure: Annotated[str, typer.Option(help="What is to be high: ndcg, hit_rate, mrr or recall.")] = "ndcg",
    max_configurations: Annotated[int, typer.Option(min=2, max=500, help="Of a larger space so many are drawn.")] = 120,
    max_indexes: Annotated[int, typer.Option(min=0, max=20, help="Ways of cutting and embedding that are built at most.")] = 6,
    max_questions: Annotated[int, typer.Option(min=1, max=5000, help="Questions from the beginning of the set at most.")] = 500,
    max_minutes: Annotated[float, typer.Option(min=0.1, help="Minutes of work; what was not begun by then is left out.")] = 60.0,
    seed: Annotated[int, typer.Option(help="Of all draws.")] = 1,
    flow: Annotated[str | None, typer.Option(help="A flow that answers by the best configurations; none without it.")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="Of the flow: '${node.variant_id}' or all:node; several times.")] = None,
    answer_measure: Annotated[
        str, typer.Option(help="Of answers: supported_claims, citation_recall, f1_score; with a judge groundedness, relevance.")
    ] = "supported_claims",
    output: Annotated[str, typer.Option(help="The flow's output that is the answer, where that is not plain.")] = "",
    max_finalists: Annotated[int, typer.Option(min=1, max=10, help="Configurations that are answered by.")] = 3,
    max_answers: Annotated[int, typer.Option(min=10, max=100_000, help="Answers at most, each a run of the flow.")] = 200,
    judge: Annotated[str, typer.Option(help="A model that scores groundedness and relevance of answers: CONNECTION/MODEL.")] = "",
    max_judge_tokens: Annotated[int, typer.Option(min=1000, help="Tokens of all calls of the judge.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Search for a better way to cut, embed, search and answer: the frontier of quality, latency and cost, what matters, and what is noise.

    Example: flowyard index tune handbook --questions azureml:handbook-questions:1 --flow handbook-chat --variant all:answer
    """
    space = _space(chunks or [], embedding_model or [], rerank or [], kinds=kinds, vector_weights=vector_weights, top_k=top_k)
    made = workspace().indexes.tunings
    source = questions if questions.startswith(("azureml:", "data/", "flowyard://")) else Path(questions)
    job = made.create(
        index,
        source,
        version=version,
        space=space,
        measure=measure,
        max_configurations=max_configurations,
        max_indexes=max_indexes,
        max_questions=max_questions,
        max_minutes=max_minutes,
        seed=seed,
        answers=_answers(
            flow,
            variant or [],
            answer_measure,
            output=output,
            max_finalists=max_finalists,
            max_answers=max_answers,
            judge=judge,
            max_judge_tokens=max_judge_tokens,
        ),
    )
    follow(workspace(), job, quiet=as_json)
    found = made.get(index, job.id)
    emit(found, as_json=True) if as_json else _show(found)


def tunings(
    index: Index,
    tuning: Annotated[str | None, typer.Option("--id", help="Show this one whole.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the searches over an index's configurations, or show one.

    Example: flowyard index tunings handbook
    """
    made = workspace().indexes.tunings
    if tuning is not None:
        found = made.get(index, tuning)
        emit(found, as_json=True) if as_json else _show(found)
        return
    every = made.list(index)
    rows = [(one.id, one.version, one.status, one.data, one.configurations, one.recommended or "", one.started_at[:19]) for one in every]
    columns = ("search", "version", "status", "questions", "configurations", "recommended", "started")
    empty = f"None yet. Begin one: flowyard index tune {index} --questions FILE"
    emit_table(every, as_json=as_json, columns=columns, rows=rows, empty=empty)


def adopt(
    index: Index,
    tuning: Annotated[str, typer.Argument(help="The search, by its id.")],
    flow: Annotated[str, typer.Option(help="The name of the flow that is made.")],
    *,
    trial: Annotated[str | None, typer.Option(help="A trial, such as c7; the recommended one without it.")] = None,
    variant: Annotated[str | None, typer.Option(help="Of the flow that answered; the best one of the trial without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a flow of what a search recommends, with the rest of the frontier as variants; the index that it needs is built.

    Example: flowyard index adopt handbook 01a21f99-6640-716b-8e57-9cd5e7c15116 --flow handbook-answers
    """
    ws = workspace()
    made = ws.indexes.tunings.adopt(index, tuning, flow, trial=trial, variant=variant)
    if made.job is not None:
        follow(ws, ws.jobs.get(made.job), quiet=as_json)
    prompt = f" It answers with {made.variant}." if made.variant else ""
    told = f"The flow {made.flow} asks {made.index} as {made.trial} does, with {made.variants} variants of the node that searches.{prompt}"
    files = f"flowyard flow download {made.flow} --output {made.flow}.zip"
    emit(made, as_json=as_json, text=f"{told}\nIt is under Flows in the studio; its files: {files}")


def _space(
    chunks: Sequence[str], embedding_models: Sequence[str], rerank: Sequence[str], *, kinds: str, vector_weights: str, top_k: str
) -> "TuningSpace":
    from flowyard.foundation.codecs import convert
    from flowyard.wire.index_tunings import TuningSpace
    from flowyard.wire.indexes import IndexSearchKind

    return TuningSpace(
        chunks=tuple(way_of(text) for text in chunks),
        embedding_models=tuple(embedding_models),
        kinds=convert(_parts(kinds), tuple[IndexSearchKind, ...]),
        vector_weights=tuple(_numbers(vector_weights, "--vector-weights")),
        top_k=tuple(int(number) for number in _numbers(top_k, "--top-k")),
        rerank=(None, *rerank),
    )


def _answers(flow: str | None, variants: Sequence[str], measure: str, **settings: Any) -> "TuningAnswersCreate | None":
    from flowyard.foundation.codecs import convert
    from flowyard.wire.index_tunings import TuningAnswersCreate

    if flow is None:
        for option, given in (("--variant", variants), ("--judge", settings["judge"])):
            if given:
                raise InvalidInputError(f"{option} is about answers of a flow, and no flow is named.", remedy="Give --flow NAME, too.")
        return None
    return convert({"flow": flow, "variants": list(variants), "measure": measure, **settings}, TuningAnswersCreate)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _numbers(text: str, option: str) -> list[float]:
    try:
        return [float(part) for part in _parts(text)]
    except ValueError:
        raise InvalidInputError(f"{option} takes numbers with commas between; {text!r} are none.", remedy="Such as 0.3,0.5.") from None


def _show(found: "IndexTuning") -> None:
    shown = [one for one in found.trials if one.frontier or one.id in {"c1", found.recommended}]
    ordered = sorted(shown, key=lambda one: -one.score.mean)
    columns = (
        "trial", "chunks", "embedding", "search", "k", "rerank", found.measure, "confirmed", "difference", "P50", "tokens", "",
    )  # fmt: skip
    rows = [_row(one, found) for one in ordered]
    emit_table(found.trials, as_json=False, columns=columns, rows=rows, empty=f"The search is {found.status}.")
    effects = [
        (one.factor, f"{one.value} for {one.baseline}", difference_text(one.effect, one.low, one.high), f"{one.latency_ms:+.1f} ms",
         f"{one.context_tokens:+,.0f}", "" if one.matters else "may be noise")
        for one in found.effects
    ]  # fmt: skip
    emit(None, as_json=False, text="")
    emit_table(found.effects, as_json=False, columns=("choice", "", "effect", "latency", "tokens", ""), rows=effects, empty="")
    if found.answers is not None:
        _show_answers(found.answers)
    rungs = " → ".join(f"{one.configurations} on {one.questions}" for one in found.rungs)
    told = [
        f"{found.configurations} of {found.space} configurations of {found.index}:{found.version}, by rungs of questions: {rungs}.",
        IN_POINTS,
    ]
    told += [*([found.stopped] if found.stopped else []), *found.sentences, *found.warnings]
    if found.recommended is not None:
        told.append(f"Make it a flow: flowyard index adopt {found.index} {found.id} --flow NAME")
    emit(None, as_json=False, text="\n" + "\n".join(told))


def _show_answers(found: "TuningAnswers") -> None:
    judged = ("groundedness", "relevance") if found.judge is not None else ()
    rows = [
        (
            one.trial,
            one.variant,
            mean_text(one.found.score),
            "" if one.confirmed is None else mean_text(one.confirmed.score),
            "" if one.difference is None else difference_text(one.difference.difference, one.difference.low, one.difference.high),
            *(["" if mean is None else mean_text(mean) for mean in (one.found.groundedness, one.found.relevance)] if judged else ()),
            f"{one.found.unknown:.0%}",
            f"{one.found.prompt_tokens + one.found.completion_tokens:,.0f}",
            f"{one.found.latency_p50_ms:,.0f} ms",
            f"{one.found.questions}" + (f", {one.found.failed} failed" if one.found.failed else ""),
            "recommended" if one.recommended else "",
        )
        for one in found.tried
    ]
    columns = ("trial", "variant", found.measure, "confirmed", "difference", *judged, "unknown", "tokens", "P50", "answers", "")
    emit(None, as_json=False, text="")
    emit_table(found.tried, as_json=False, columns=columns, rows=rows, empty="No answers were tried.")
    emit(None, as_json=False, text=f"Every answer: flowyard run show-details {found.runs[0]}" if found.runs else "")


def _row(one: "TuningTrial", found: "IndexTuning") -> tuple[Any, ...]:
    configuration = one.configuration
    cut = configuration.chunks
    weight = f" {configuration.vector_weight:g}" if configuration.kind == "hybrid" else ""
    difference = "" if one.difference is None else difference_text(one.difference.difference, one.difference.low, one.difference.high)
    marks = [name for name, is_so in (("recommended", one.id == found.recommended), ("present", one.id == "c1")) if is_so]
    return (
        one.id,
        f"{cut.strategy} {cut.max_tokens}+{cut.overlap_tokens}",
        configuration.embedding_model,
        f"{configuration.kind}{weight}",
        configuration.top_k,
        configuration.rerank or "",
        mean_text(one.score),
        "" if one.confirmed is None else mean_text(one.confirmed),
        difference,
        f"{one.latency_p50_ms:.1f} ms",
        f"{one.context_tokens:,.0f}",
        ", ".join(marks),
    )
