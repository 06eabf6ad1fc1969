"""What a search recommends, made a flow: the template about documents, whose search has variants."""

import json
from collections.abc import Sequence
from typing import Any

from flowyard.flows.templates import template_files
from flowyard.rag.tuning.report import described
from flowyard.wire.index_tunings import IndexTuning, TuningTrial
from flowyard.wire.indexes import Index, IndexBuild, IndexVersion

_FLOW = "flow.dag.yaml"
#: The template's node that searches, from its first line up to the next node.
_BEGINS, _ENDS = "- name: find\n", "- name: quote\n"
_PASSAGES = "max_characters: 4000"
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


def flow_files(index: str, version: str, variants: Sequence[TuningTrial]) -> dict[str, bytes]:
    """Return the files of a flow that asks a version of an index, or a label, as its first variant does."""
    files = template_files("documents", index)
    text = files[_FLOW].decode()
    start, end = text.index(_BEGINS), text.index(_ENDS)
    text = f"{text[:start]}- name: find\n  use_variants: true\n{text[end:]}"
    longest = max(one.configuration.top_k * one.configuration.chunks.max_tokens for one in variants) * _CHARACTERS
    text = text.replace(_PASSAGES, f"max_characters: {max(4000, longest)}")
    each = "".join(_variant(one, index, version) for one in variants)
    text += f"node_variants:\n  find:\n    default_variant_id: {variants[0].id}\n    variants:\n{each}"
    return {**files, _FLOW: text.encode()}


def _variant(trial: TuningTrial, index: str, version: str) -> str:
    one = trial.configuration
    inputs: dict[str, Any] = {"index": index, "version": version, "kind": one.kind, "top_k": one.top_k}
    if one.kind == "hybrid":
        inputs["vector_weight"] = one.vector_weight
    if one.rerank is not None:
        inputs["rerank"] = one.rerank
    lines = "".join(f"            {name}: {json.dumps(value)}\n" for name, value in inputs.items())
    return (
        f"      # {described(one)}: {trial.score.mean:.3f} of 1\n"
        f"      {trial.id}:\n        node:\n          name: find\n          type: python\n"
        "          source:\n            type: package\n            tool: flowyard.client.index_lookup.lookup\n"
        f"          inputs:\n            question: ${{standalone.output}}\n{lines}"
    )


def _index(trial: TuningTrial) -> tuple[object, str]:
    return trial.configuration.chunks, trial.configuration.embedding_model
