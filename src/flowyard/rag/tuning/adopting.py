"""What a search recommends, made a flow: the one that answered, or the template about documents, whose search has variants."""

from collections.abc import Sequence
from typing import Any

from flowyard.flows.templates import template_files
from flowyard.foundation.errors import InvalidInputError, Location
from flowyard.rag.tuning.answering.editing import with_lookups
from flowyard.rag.tuning.report import described
from flowyard.wire.index_tunings import IndexTuning, TuningTrial
from flowyard.wire.indexes import Index, IndexBuild, IndexVersion

#: Of the template: its file, its node that searches, and how much of what that finds a model is given.
_FLOW, _FIND, _PASSAGES = "flow.dag.yaml", "find", b"max_characters: 4000"
#: So many variants there are at least, where so many trials ask the same index.
_VARIANTS = 3
#: A token of English text has about so many characters, with room for long ones.
_CHARACTERS = 6


def variants_of(tuning: IndexTuning, best: TuningTrial) -> tuple[TuningTrial, ...]:
    """Return a flow's variants: the best trial, and of those that ask the same index the frontier, the present one, and the next best."""
    same = [one for one in tuning.trials if _index(one) == _index(best) and one.id != best.id]
    first = [one for one in same if one.frontier or one.id == tuning.trials[0].id]
    others = sorted((one for one in same if one not in first), key=lambda one: (-one.rungs, -one.score.mean))
    return (best, *first, *others[: max(0, _VARIANTS - 1 - len(first))])


def build_of(tuning: IndexTuning, best: TuningTrial, index: Index, version: IndexVersion) -> IndexBuild | None:
    """Return the build that gives what a trial searched: of another embedding model an index of its own; None where the version has it."""
    wanted = best.configuration
    if _index(best) == _index(tuning.trials[0]):
        return None
    same_model = wanted.embedding_model == index.embedding_model
    return IndexBuild(
        name=index.name if same_model else f"{index.name}-{wanted.embedding_model.rsplit('/', 1)[-1]}"[:100],
        source=None if version.origin is not None else version.source,
        origin=version.origin,
        embedding_model=wanted.embedding_model,
        language=index.language,
        chunks=wanted.chunks,
        access=None if same_model else version.access,
    )


def prompt_of(tuning: IndexTuning, best: TuningTrial, asked: str | None) -> str:
    """Return the variant of the flow's prompt that goes with a trial: the one that is asked for, else the one that answered best by it,
    or by the recommended trial where none answered by this one; empty: the flow has none.

    Raises:
        InvalidInputError: no answers were tried with it.
    """
    answers = tuning.answers
    known = () if answers is None else answers.variants
    if asked is not None:
        if asked not in known:
            told = f"They were tried with {', '.join(known)}." if known else "No answers were tried with variants."
            raise InvalidInputError(f"The search has no variant {asked[:100]!r}.", remedy=told, location=Location(pointer="/variant"))
        return asked
    tried = () if answers is None else answers.tried
    mine = [one for one in tried if one.trial == best.id] or [one for one in tried if one.recommended]
    found = max(mine, key=lambda one: (one.recommended, one.found.score.mean), default=None)
    return "" if found is None else found.variant


def template_flow(index: str, version: str, variants: Sequence[TuningTrial]) -> dict[str, bytes]:
    """Return the template about documents, which asks a version of an index, or a label, as its first variant does."""
    files = template_files("documents", index)
    longest = max(one.configuration.top_k * one.configuration.chunks.max_tokens for one in variants) * _CHARACTERS
    wide = files[_FLOW].replace(_PASSAGES, b"max_characters: %d" % max(4000, longest))
    return with_lookups({**files, _FLOW: wide}, _FLOW, _FIND, searches(index, version, variants))


def searches(index: str, version: str, variants: Sequence[TuningTrial]) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the variants of a node that looks something up: their ids, what they are, and their inputs but the question."""
    return [
        (one.id, f"{described(one.configuration)}: {100 * one.score.mean:.1f} points", _inputs(one, index, version)) for one in variants
    ]


def _inputs(trial: TuningTrial, index: str, version: str) -> dict[str, Any]:
    one = trial.configuration
    inputs: dict[str, Any] = {"index": index, "version": version, "kind": one.kind, "top_k": one.top_k}
    if one.kind == "hybrid":
        inputs["vector_weight"] = one.vector_weight
    if one.rerank is not None:
        inputs["rerank"] = one.rerank
    return inputs


def _index(trial: TuningTrial) -> tuple[object, str]:
    return trial.configuration.chunks, trial.configuration.embedding_model
