"""Evaluators: scores for what a model or a flow answered, computed or judged by a model.

The names exported here load on first use: each evaluator is a module of its own.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flowyard.evaluation.bleu import BleuScoreEvaluator
    from flowyard.evaluation.chat import ChatEvaluator
    from flowyard.evaluation.citations import CitationsEvaluator
    from flowyard.evaluation.coherence import CoherenceEvaluator
    from flowyard.evaluation.content_safety import ContentSafetyEvaluator
    from flowyard.evaluation.cost import CostEvaluator
    from flowyard.evaluation.exact_match import ExactMatchEvaluator
    from flowyard.evaluation.f1_score import F1ScoreEvaluator
    from flowyard.evaluation.fluency import FluencyEvaluator
    from flowyard.evaluation.gleu import GleuScoreEvaluator
    from flowyard.evaluation.groundedness import GroundednessEvaluator
    from flowyard.evaluation.hate_unfairness import HateUnfairnessEvaluator
    from flowyard.evaluation.indirect_attack import IndirectAttackEvaluator
    from flowyard.evaluation.json_schema import JsonSchemaValidityEvaluator
    from flowyard.evaluation.latency import LatencyEvaluator
    from flowyard.evaluation.meteor import MeteorScoreEvaluator
    from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure
    from flowyard.evaluation.protected_material import ProtectedMaterialEvaluator
    from flowyard.evaluation.qa import QAEvaluator
    from flowyard.evaluation.regex import RegexEvaluator
    from flowyard.evaluation.registry import evaluators
    from flowyard.evaluation.relevance import RelevanceEvaluator
    from flowyard.evaluation.response_completeness import ResponseCompletenessEvaluator
    from flowyard.evaluation.retrieval import RetrievalEvaluator
    from flowyard.evaluation.rouge import RougeScoreEvaluator, RougeType
    from flowyard.evaluation.self_harm import SelfHarmEvaluator
    from flowyard.evaluation.sexual import SexualEvaluator
    from flowyard.evaluation.similarity import SimilarityEvaluator
    from flowyard.evaluation.violence import ViolenceEvaluator

__all__ = [
    "BleuScoreEvaluator",
    "ChatEvaluator",
    "CitationsEvaluator",
    "CoherenceEvaluator",
    "ContentSafetyEvaluator",
    "CostEvaluator",
    "Evaluator",
    "EvaluatorInfo",
    "ExactMatchEvaluator",
    "F1ScoreEvaluator",
    "FluencyEvaluator",
    "GleuScoreEvaluator",
    "GroundednessEvaluator",
    "HateUnfairnessEvaluator",
    "IndirectAttackEvaluator",
    "JsonSchemaValidityEvaluator",
    "LatencyEvaluator",
    "Measure",
    "MeteorScoreEvaluator",
    "ProtectedMaterialEvaluator",
    "QAEvaluator",
    "RegexEvaluator",
    "RelevanceEvaluator",
    "ResponseCompletenessEvaluator",
    "RetrievalEvaluator",
    "RougeScoreEvaluator",
    "RougeType",
    "SelfHarmEvaluator",
    "SexualEvaluator",
    "SimilarityEvaluator",
    "ViolenceEvaluator",
    "evaluators",
]

_ELSEWHERE = {"Evaluator": "model", "EvaluatorInfo": "model", "Measure": "model", "RougeType": "rouge", "evaluators": "registry"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module 'flowyard.evaluation' has no attribute {name!r}")
    from flowyard.evaluation.registry import BUILT_IN

    module = _ELSEWHERE.get(name) or next(place.partition(":")[0] for place in BUILT_IN.values() if place.endswith(f":{name}"))
    return getattr(import_module(f"flowyard.evaluation.{module}"), name)
