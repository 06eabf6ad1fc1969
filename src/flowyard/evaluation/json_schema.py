"""Whether an answer is JSON of a given shape."""

from typing import Any

from flowyard.evaluation.errors import EvaluatorSettingError
from flowyard.evaluation.model import Evaluator, EvaluatorInfo, Measure, Result
from flowyard.evaluation.results import missing, scored
from flowyard.evaluation.schema.validate import Schema
from flowyard.foundation.codecs import from_json
from flowyard.foundation.errors import InvalidInputError, Location

_TOLD = 10


class JsonSchemaValidityEvaluator(Evaluator):
    """1 where the response is JSON that fits a schema, else 0 with the misfits as its reason.

    Args:
        schema: the schema, as an object or its JSON text; a row's own `schema` comes first. Without any, being JSON is enough.
    """

    info = EvaluatorInfo(
        name="json_schema_validity",
        description="Whether the response is JSON that fits a schema.",
        kind="deterministic",
        inputs=("response",),
        optional=("schema",),
        measures=(Measure(key="json_schema_validity", prefix="json_schema_validity"),),
        source="JSON Schema, draft 2020-12",
    )

    def __init__(self, *, schema: dict[str, Any] | None = None) -> None:
        self._schema = None if schema in (None, "") else Schema(_parsed(schema))

    def __call__(self, *, response: object, schema: object = None) -> Result:
        """Return ``json_schema_validity``, 0 or 1.

        Args:
            response: JSON text, or a value that was parsed already.
            schema: this row's schema.

        Raises:
            EvaluatorInputError: there is no response.
            EvaluatorSettingError: the schema cannot be used.
        """
        if response is None:
            raise missing(self.info, "response")
        rules = self._schema if schema in (None, "") else Schema(_parsed(schema))
        problems = self._problems(response, rules)
        told = "; ".join(problems[:_TOLD]) + (f"; and {len(problems) - _TOLD} more" if len(problems) > _TOLD else "")
        return scored("json_schema_validity", float(not problems), 1.0, reason=told or None)

    def _problems(self, response: object, rules: Schema | None) -> list[str]:
        value = response
        if isinstance(response, str | bytes):
            try:
                value = from_json(response)
            except InvalidInputError as error:
                return [error.message.replace("The body is", "it is")]
        return [str(misfit) for misfit in rules.misfits(value)] if rules else []


def _parsed(schema: object) -> object:
    if not isinstance(schema, str):
        return schema
    try:
        return from_json(schema)
    except InvalidInputError as error:
        raise EvaluatorSettingError(
            f"The JSON schema is no JSON: {error.message}", remedy="Give an object, or its JSON text.", location=Location(pointer="/schema")
        ) from error
