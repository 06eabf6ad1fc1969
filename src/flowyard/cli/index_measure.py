"""``flowyard index measure`` and ``compare``: what versions of indexes find of a set of questions."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flowyard.cli.output import AsJson, emit, emit_table
from flowyard.cli.session import follow, workspace
from flowyard.foundation.errors import InvalidInputError

if TYPE_CHECKING:
    from flowyard.wire.index_measurements import IndexMeasurement, MeasuredMean

_SHOWN = ("ndcg@10", "mrr", "hit_rate@1", "hit_rate@5", "recall@10", "precision@5")
#: What tables of measures are in, for the line below them.
IN_POINTS = "Measures are in points of 100, with 95 % intervals."
Index = Annotated[str, typer.Argument(help="The index.")]


def measure(
    index: Index,
    questions: Annotated[str, typer.Option(help="A question set: azureml:NAME:VERSION, or a file of this machine.")],
    *,
    version: Annotated[str, typer.Option(help="A version or a label.")] = "latest",
    kinds: Annotated[str, typer.Option(help="Kinds of search, with commas between: hybrid, vector, text.")] = "hybrid,vector,text",
    max_questions: Annotated[int, typer.Option(min=1, help="Questions from the beginning of the set at most.")] = 1000,
    rerank: Annotated[str | None, typer.Option(help="A reranking model that orders the best 30 of each search anew.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure what a version finds: nDCG, MRR, hit rate, precision and recall with 95 % intervals, for each kind of search.

    A row of the set has question, and document (with start and end where they are known), documents, or context.

    Example: flowyard index measure handbook --questions questions.jsonl
    """
    from flowyard.foundation.codecs import convert
    from flowyard.wire.indexes import IndexSearchKind

    asked = convert([kind.strip() for kind in kinds.split(",") if kind.strip()], tuple[IndexSearchKind, ...])
    made = workspace().indexes.measurements
    source = questions if questions.startswith(("azureml:", "data/", "flowyard://")) else Path(questions)
    job = made.create(index, source, version=version, kinds=asked, max_questions=max_questions, rerank=rerank)
    follow(workspace(), job, quiet=as_json)
    found = made.get(index, job.id)
    emit(found, as_json=True) if as_json else _show(found)


def questions(
    index: Index,
    model: Annotated[str, typer.Option(help="The chat model that writes: a local one, or CONNECTION/MODEL.")] = "smollm2-135m",
    *,
    count: Annotated[int, typer.Option(min=1, max=5000, help="How many questions.")] = 50,
    name: Annotated[str | None, typer.Option(help="The data asset; INDEX-questions without it.")] = None,
    kinds: Annotated[str, typer.Option(help="Kinds, with commas between.")] = "short,long,boolean,summary,conversation",
    shares: Annotated[str | None, typer.Option(help="How many parts of each kind, in their order; equal without it.")] = None,
    same_meaning: Annotated[float, typer.Option(help="From this cosine on two questions mean the same, and one is refused.")] = 0.93,
    version: Annotated[str, typer.Option(help="A version or a label.")] = "latest",
    seed: Annotated[int, typer.Option(help="The same seed takes the same passages.")] = 1,
    max_tokens: Annotated[int, typer.Option(min=1, help="Tokens of all calls together; what there is by then is the set.")] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Make a question set of an index's documents: passages spread over all of them, questions kept only if their passage answers them.

    A question that means the same as one of the set is not taken, as the index's embedding model has it.

    Example: flowyard index questions handbook --count 50 --model smollm2-135m
    """
    from flowyard.foundation.codecs import convert
    from flowyard.wire.index_questions import WHY_NO_MORE, GeneratedKind, GeneratedQuestions

    asked = convert([kind.strip() for kind in kinds.split(",") if kind.strip()], tuple[GeneratedKind, ...])
    parts = convert([int(part) if part.strip().isdecimal() else part for part in (shares or "").split(",") if part], tuple[int, ...])
    told = {"count": count, "name": name, "kinds": asked, "shares": parts, "same_meaning": same_meaning}
    job = workspace().indexes.measurements.generate(index, model, **told, version=version, seed=seed, max_tokens=max_tokens)
    found = convert(follow(workspace(), job, quiet=as_json).result, GeneratedQuestions)
    of_kinds = ", ".join(f"{number} {kind}" for kind, number in found.questions.items())
    of_all = sum(found.questions.values())
    made = f"{of_all}" if found.ended == "complete" else f"{of_all} of {count}"
    fewer = f" {WHY_NO_MORE[found.ended].capitalize()}." if found.ended != "complete" else ""
    left_out = ", ".join(f"{number} {reason.replace('_', ' ')}" for reason, number in found.rejected.items()) or "none"
    text = (
        f"{found.data or 'No data asset'}: {made} questions ({of_kinds or 'none was good'}) "
        f"of {found.documents} documents. {found.asked} passages were asked about; not taken: {left_out}. {found.tokens:,} tokens.{fewer}"
    )
    emit(found, as_json=as_json, text=text)


def measurements(index: Index, as_json: AsJson = False) -> None:
    """List the measurements of an index, the newest first.

    Example: flowyard index measurements handbook
    """
    found = workspace().indexes.measurements.list(index)
    rows = [
        (
            one.id,
            one.version,
            one.status,
            one.data,
            one.questions,
            search.kind,
            one.rerank or "",
            mean_text(search.scores["ndcg@10"]),
            one.started_at[:19],
        )
        for one in found
        for search in one.searches
    ]
    columns = ("measurement", "version", "status", "questions", "asked", "search", "rerank", "nDCG@10", "started")
    empty = f"None yet. Measure it: flowyard index measure {index} --questions FILE"
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty=empty)


def compare(
    index: Index,
    before: Annotated[str, typer.Argument(help="A version, or the id of a measurement.")],
    after: Annotated[str, typer.Argument(help="Another one, measured on the same questions.")],
    as_json: AsJson = False,
) -> None:
    """Compare two versions by their newest measurements on the same questions: differences with 95 % intervals, and what they show.

    Example: flowyard index compare handbook 1 2
    """
    made = workspace().indexes.measurements
    first, second = _chosen(made.list(index), index, before, after)
    found = made.compare(index, first, second)
    rows = [
        (one.kind, one.measure, points(one.before), points(one.after), difference_text(one.difference, one.low, one.high)) for one in found
    ]
    columns = ("search", "measure", before, after, "difference")
    emit_table(found, as_json=as_json, columns=columns, rows=rows, empty="They have no kind of search in common.")
    if not as_json:
        emit(None, as_json=False, text="\n".join(["", *(one.sentence for one in found if one.measure == "ndcg@10")]))


def _chosen(found: "tuple[IndexMeasurement, ...]", index: str, before: str, after: str) -> tuple[str, str]:
    """Return the ids of the newest measurements of two versions that are of one set, if there are such both reranked alike.

    Ids stand for themselves.
    """
    ended = [one for one in found if one.status == "completed"]
    pairs = [
        (one, other)
        for one in ended
        if before in {one.version, one.id}
        for other in ended
        if after in {other.version, other.id} and other.data == one.data and other.id != one.id
    ]
    if not pairs:
        raise InvalidInputError(
            f"{before!r} and {after!r} of {index!r} were not measured on the same questions.",
            remedy=f"flowyard index measure {index} --version {before} --questions azureml:NAME:VERSION, and the same for {after}.",
        )
    first, second = min(pairs, key=lambda pair: pair[0].rerank != pair[1].rerank)
    return first.id, second.id


def _show(found: "IndexMeasurement") -> None:
    rows = [
        (
            search.kind,
            *(mean_text(search.scores[name]) for name in _SHOWN),
            f"{search.latency_p50_ms:.1f} ms",
            f"{search.latency_p95_ms:.1f} ms",
        )
        for search in found.searches
    ]
    columns = ("search", *_SHOWN, "P50", "P95")
    emit_table(found.searches, as_json=False, columns=columns, rows=rows, empty=f"The measurement is {found.status}.")
    reranked = f", reranked by {found.rerank}" if found.rerank else ""
    told = [f"{found.questions:,} questions of {found.data} to {found.index}:{found.version}{reranked}. {IN_POINTS}"]
    if found.unanswerable:
        told.append(
            f"Nothing in this version answers {found.unanswerable:,} of them, so they count 0: documents are not in it, or were not read."
        )
    if found.left_out:
        told.append(f"{found.left_out:,} rows are no questions.")
    told.extend(found.warnings)
    emit(None, as_json=False, text="\n" + " ".join(told))


def mean_text(found: "MeasuredMean") -> str:
    """Return a mean with its interval in points of 100, as tables show it."""
    interval = "" if found.low is None or found.high is None else f" ({points(found.low)} to {points(found.high)})"
    return f"{points(found.mean)}{interval}"


def difference_text(value: float, low: float | None, high: float | None) -> str:
    """Return a difference with its interval in points of 100, each with its sign."""
    interval = "" if low is None or high is None else f" ({100 * low:+z.1f} to {100 * high:+z.1f})"
    return f"{100 * value:+z.1f}{interval}"


def points(share: float) -> str:
    """Return a share of 1 in points of 100."""
    return f"{100 * share:.1f}"
