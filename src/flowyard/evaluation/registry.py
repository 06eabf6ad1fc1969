"""Every evaluator by its name: those shipped here, and those that packages add by the entry-point group ``flowyard.evaluators``."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from inspect import isclass

from flowyard.evaluation.errors import EvaluatorLoadError, UnknownEvaluatorError
from flowyard.evaluation.model import Evaluator, EvaluatorInfo
from flowyard.foundation.errors import nearest

GROUP = "flowyard.evaluators"

#: Name to module and class, below `flowyard.evaluation`.
BUILT_IN: dict[str, str] = {
    "groundedness": "groundedness:GroundednessEvaluator",
    "relevance": "relevance:RelevanceEvaluator",
    "coherence": "coherence:CoherenceEvaluator",
    "fluency": "fluency:FluencyEvaluator",
    "similarity": "similarity:SimilarityEvaluator",
    "retrieval": "retrieval:RetrievalEvaluator",
    "response_completeness": "response_completeness:ResponseCompletenessEvaluator",
    "qa": "qa:QAEvaluator",
    "chat": "chat:ChatEvaluator",
    "content_safety": "content_safety:ContentSafetyEvaluator",
    "hate_unfairness": "hate_unfairness:HateUnfairnessEvaluator",
    "violence": "violence:ViolenceEvaluator",
    "sexual": "sexual:SexualEvaluator",
    "self_harm": "self_harm:SelfHarmEvaluator",
    "protected_material": "protected_material:ProtectedMaterialEvaluator",
    "indirect_attack": "indirect_attack:IndirectAttackEvaluator",
    "f1_score": "f1_score:F1ScoreEvaluator",
    "bleu_score": "bleu:BleuScoreEvaluator",
    "gleu_score": "gleu:GleuScoreEvaluator",
    "meteor_score": "meteor:MeteorScoreEvaluator",
    "rouge_score": "rouge:RougeScoreEvaluator",
    "citations": "citations:CitationsEvaluator",
    "exact_match": "exact_match:ExactMatchEvaluator",
    "json_schema_validity": "json_schema:JsonSchemaValidityEvaluator",
    "regex": "regex:RegexEvaluator",
    "latency": "latency:LatencyEvaluator",
    "cost": "cost:CostEvaluator",
}


def evaluators() -> dict[str, EvaluatorInfo]:
    """Return what is known of every evaluator, by name, those of packages after our own.

    Raises:
        EvaluatorLoadError: a package's evaluator cannot be loaded.
    """
    return {name: evaluator_class(name).info for name in (*BUILT_IN, *_added())}


def evaluator_class(name: str) -> type[Evaluator]:
    """Return the class of an evaluator.

    Raises:
        UnknownEvaluatorError: there is none of that name.
        EvaluatorLoadError: it cannot be loaded.
    """
    if name in BUILT_IN:
        module, _, attribute = BUILT_IN[name].partition(":")
        return getattr(import_module(f"flowyard.evaluation.{module}"), attribute)
    added = _added()
    if name not in added:
        like = nearest(name, [*BUILT_IN, *added])
        remedy = f"Did you mean {like!r}?" if like else "`flowyard evaluator list` shows all."
        raise UnknownEvaluatorError(f"There is no evaluator {name!r}.", remedy=remedy)
    return _loaded(added[name])


def entry(name: str) -> str:
    """Return the ``module:Class`` of an evaluator, as a flex flow's ``entry`` has it.

    Raises:
        UnknownEvaluatorError: there is none of that name.
        EvaluatorLoadError: it cannot be loaded.
    """
    found = evaluator_class(name)
    return f"{found.__module__}:{found.__qualname__}"


@cache
def _added() -> Mapping[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=GROUP) if point.name not in BUILT_IN}


def _loaded(point: EntryPoint) -> type[Evaluator]:
    package = point.dist.name if point.dist else "a package"
    try:
        found: object = point.load()
    except Exception as error:
        raise EvaluatorLoadError(
            f"The evaluator {point.name!r} of {package} cannot be loaded: {type(error).__name__}: {error}.",
            remedy=f"Correct or remove the package; its entry point is {point.value}.",
        ) from error
    if not isclass(found) or not issubclass(found, Evaluator) or not isinstance(getattr(found, "info", None), EvaluatorInfo):
        raise EvaluatorLoadError(
            f"The evaluator {point.name!r} of {package} is no subclass of flowyard.evaluation.Evaluator with an info.",
            remedy=f"Its entry point {point.value} has to name such a class.",
        )
    return found
