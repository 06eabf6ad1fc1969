"""Scores the answers of a step with the rollout's evaluator."""

import logging
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from flowyard.data.rows import open_data
from flowyard.endpoints.figures import Sample
from flowyard.endpoints.online.ports import Connections
from flowyard.endpoints.rollouts.model import RolloutRecord
from flowyard.evaluation.over_rows import Scored, evaluate
from flowyard.evaluation.registry import evaluator_class
from flowyard.foundation.codecs import from_json, to_json
from flowyard.foundation.errors import InvalidInputError

log = logging.getLogger(__name__)

_AT_A_TIME = 4


class EvaluatorScorer:
    """Implements `endpoints.rollouts.drive.Scorer` with the evaluators that the platform has."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def higher_is_better(self, rollout: RolloutRecord) -> bool:
        """See `Scorer.higher_is_better`."""
        return evaluator_class(rollout.spec.evaluator or "").info.measures[0].higher_is_better

    def scores(self, rollout: RolloutRecord, samples: Sequence[Sample]) -> list[float]:
        """See `Scorer.scores`."""
        spec = rollout.spec
        key = evaluator_class(spec.evaluator or "").info.measures[0].key
        known = {
            connection.name: {"type": connection.type, "configs": connection.configs, "secrets": connection.secrets}
            for connection in self._connections.resolve_all(rollout.workspace_id)
        }
        with TemporaryDirectory() as folder:
            file = Path(folder) / "answers.jsonl"
            file.write_bytes(b"\n".join(to_json(_row(sample)) for sample in samples))
            found = evaluate(
                spec.evaluator or "",
                open_data(file),
                mapping=spec.column_mapping,
                init=spec.evaluator_init,
                connections=known,
                concurrency=_AT_A_TIME,
            )
        _tell_failed(rollout, found.rows)
        return [float(value) for row in found.rows if isinstance(value := row.outputs.get(key), int | float)]


def _row(sample: Sample) -> dict[str, Any]:
    return {"inputs": _members(sample.request), "outputs": _members(sample.answer)}


def _members(text: str) -> dict[str, Any]:
    """Return the members of a JSON object; what is none is the member ``body``."""
    try:
        found = from_json(text)
    except InvalidInputError:
        found = text
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {"body": found}


def _tell_failed(rollout: RolloutRecord, rows: Sequence[Scored]) -> None:
    failed = [row.error for row in rows if row.error is not None]
    if failed:
        log.warning("%d answers of %s/%s have no score: %s", len(failed), rollout.endpoint, rollout.spec.to, failed[0].detail)
