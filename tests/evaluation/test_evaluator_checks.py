"""Exact match, JSON schemas, expressions, latency and cost."""

import random
from typing import Any

import jsonschema_rs
import pytest

from flowyard.evaluation import CostEvaluator, ExactMatchEvaluator, JsonSchemaValidityEvaluator, LatencyEvaluator, RegexEvaluator
from flowyard.evaluation.errors import EvaluatorInputError, EvaluatorSettingError
from flowyard.evaluation.schema.validate import Schema

PERSON = {
    "type": "object",
    "properties": {"name": {"type": "string", "minLength": 1}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("answer", "truth", "normalize", "score"),
    [
        ("Paris", "Paris", False, 1.0),
        (" Paris\n", "Paris", False, 1.0),
        ("paris", "Paris", False, 0.0),
        ("The  paris!", "Paris", True, 1.0),
        ("", "", False, 1.0),
    ],
)
def test_exact_match(answer: str, truth: str, normalize: bool, score: float) -> None:
    assert ExactMatchEvaluator(normalize=normalize)(response=answer, ground_truth=truth)["exact_match"] == score


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ('{"name": "Ada", "age": 36}', None),
        ({"name": "Ada"}, None),
        (
            '{"name": "", "age": -1.5, "x": 1}',
            "/name: expected a length of at least 1, got string ''; /age: expected integer, got number -1.5; "
            "/age: expected at least 0, got number -1.5; /x: is not allowed",
        ),
        ('{"age": 1}', "/: 'name' is missing"),
        ("[]", "/: expected object, got array []"),
        ("{name: Ada}", "it is no JSON"),
        ("", "it is no JSON"),
    ],
)
def test_json_schema_validity_says_what_does_not_fit(response: Any, reason: str | None) -> None:
    result = JsonSchemaValidityEvaluator(schema=PERSON)(response=response)
    assert (result["json_schema_validity"], result["json_schema_validity_result"]) == ((1.0, "pass") if reason is None else (0.0, "fail"))
    assert (result["json_schema_validity_reason"] or "").startswith(reason or "")


def test_a_rows_own_schema_comes_first() -> None:
    evaluator = JsonSchemaValidityEvaluator(schema=PERSON)
    assert evaluator(response="[1]", schema='{"type": "array"}')["json_schema_validity"] == 1.0
    assert JsonSchemaValidityEvaluator()(response="nothing")["json_schema_validity"] == 0.0


@pytest.mark.parametrize(
    ("schema", "message", "pointer"),
    [
        ({"type": "text"}, "There is no type 'text'", "/type"),
        ({"properties": {"a": {"pattern": "("}}}, "is no regular expression", "/properties/a/pattern"),
        ({"$ref": "#/$defs/none"}, "leads nowhere", "/$ref"),
        ({"$ref": "https://example.org/x"}, "has to lead to a place in this schema", "/$ref"),
        ({"allOf": {}}, "'allOf' has to be a list", "/allOf"),
        ({"items": [1]}, "has to be an object or a boolean, got array", "/items"),
        ({"minimum": "1"}, "'minimum' has to be a number", "/minimum"),
        ({"unevaluatedProperties": False}, "is not supported", "/unevaluatedProperties"),
        ("{", "The JSON schema is no JSON", "/schema"),
    ],
)
def test_a_schema_that_is_none_is_refused(schema: Any, message: str, pointer: str) -> None:
    with pytest.raises(EvaluatorSettingError, match=message.replace("(", r"\(")) as caught:
        JsonSchemaValidityEvaluator(schema=schema)
    assert caught.value.location is not None
    assert caught.value.location.pointer == pointer


def test_a_schema_that_refers_to_itself_is_followed() -> None:
    tree = Schema({"type": "object", "properties": {"child": {"$ref": "#"}}, "additionalProperties": False})
    assert tree.misfits({"child": {"child": {}}}) == []
    assert [str(it) for it in tree.misfits({"child": {"child": 1}})] == ["/child/child: expected object, got number 1"]


class Chance:
    """Makes schemas and values at random."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def value(self, depth: int = 0) -> Any:
        kind = self.random.random()
        if depth > 2 or kind < 0.5:
            return self.random.choice([None, True, False, 0, 1, 1.0, 2, 3.5, -1, 10, "", "a", "ab", "abc", "x1", "é"])
        if kind < 0.75:
            return [self.value(depth + 1) for _ in range(self.random.randint(0, 4))]
        return {self.random.choice("abcd"): self.value(depth + 1) for _ in range(self.random.randint(0, 4))}

    def schema(self, depth: int = 0) -> Any:
        if depth and self.random.random() < 0.08:
            return self.random.choice([True, False])
        keys = [*self.simple(), *(self.nested(depth) if depth < 3 else {})]
        makers = {**self.simple(), **(self.nested(depth) if depth < 3 else {})}
        return {key: makers[key]() for key in self.random.sample(keys, self.random.randint(1, 3))}

    def simple(self) -> dict[str, Any]:
        number, small = lambda: self.random.choice([0, 1, 2, 3.5]), lambda: self.random.randint(0, 3)
        kinds = ["null", "boolean", "object", "array", "number", "integer", "string", ["string", "null"], ["integer", "object"]]
        bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
        lengths = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties")
        return {
            **dict.fromkeys(bounds, number),
            **dict.fromkeys(lengths, small),
            "type": lambda: self.random.choice(kinds),
            "enum": lambda: [self.value(2) for _ in range(3)],
            "const": lambda: self.value(2),
            "multipleOf": lambda: self.random.choice([1, 2, 0.5]),
            "pattern": lambda: self.random.choice(["^a", "b$", "[0-9]", "."]),
            "uniqueItems": lambda: self.random.choice([True, False]),
            "required": lambda: self.random.sample("abcd", self.random.randint(0, 2)),
            "dependentRequired": lambda: {"a": ["b"]},
            "$ref": lambda: "#/$defs/x",
        }

    def nested(self, depth: int) -> dict[str, Any]:
        one = lambda: self.schema(depth + 1)  # noqa: E731
        two = lambda: [self.schema(depth + 1), self.schema(depth + 1)]  # noqa: E731
        named = lambda: {name: self.schema(depth + 1) for name in self.random.sample("abcd", 2)}  # noqa: E731
        return {
            **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), two),
            **dict.fromkeys(("not", "items", "contains", "additionalProperties", "propertyNames", "if", "then", "else"), one),
            **dict.fromkeys(("properties", "dependentSchemas"), named),
            "patternProperties": lambda: {"^[ab]": self.schema(depth + 1)},
        }


def test_validity_is_that_of_another_implementation() -> None:
    chance, valid = Chance(5), 0
    for _ in range(1500):
        schema = {**chance.schema(), "$defs": {"x": {"type": ["string", "integer", "null"], "minLength": 1}}}
        ours, theirs = Schema(schema), jsonschema_rs.Draft202012Validator(schema)
        for value in (chance.value(), chance.value(), chance.value()):
            expected = theirs.is_valid(value)
            assert (not ours.misfits(value)) is expected, (schema, value)
            valid += expected
    assert 500 < valid < 4000


@pytest.mark.parametrize(
    ("settings", "answer", "score"),
    [
        ({"pattern": r"\d+"}, "about 42 people", 1.0),
        ({"pattern": r"\d+", "full": True}, "about 42 people", 0.0),
        ({"pattern": "PEOPLE", "ignore_case": True}, "about 42 people", 1.0),
        ({"pattern": "sorry", "expected": False}, "about 42 people", 1.0),
        ({"pattern": "people", "expected": False}, "about 42 people", 0.0),
    ],
)
def test_regex(settings: dict[str, Any], answer: str, score: float) -> None:
    assert RegexEvaluator(**settings)(response=answer)["regex"] == score


def test_regex_keeps_what_it_found() -> None:
    assert RegexEvaluator(r"\d+")(response="about 42")["regex_properties"] == {"match": "42", "start": 6}


def test_an_expression_that_is_none_is_refused() -> None:
    with pytest.raises(EvaluatorSettingError, match=r"'\(' is no regular expression"):
        RegexEvaluator("(")


def test_latency_passes_at_or_below_its_threshold_and_gives_percentiles() -> None:
    evaluator = LatencyEvaluator(threshold=100)
    rows = [evaluator(duration_ms=value) for value in (50, 100, 150.5, "10")]
    assert [row["latency_ms_result"] for row in rows] == ["pass", "pass", "fail", "pass"]
    metrics = evaluator.__aggregate__(rows)
    assert (metrics["latency_ms_p50"], metrics["latency_ms_max"], metrics["latency_ms_pass_rate"]) == (75.0, 150.5, 0.75)
    assert metrics["latency_ms_p90"] == pytest.approx(135.35)


@pytest.mark.parametrize(
    ("value", "message"),
    [(None, "got no 'duration_ms'"), ("fast", "as a finite number"), (float("nan"), "finite"), (-1, "0 or more"), (True, "finite")],
)
def test_a_latency_is_a_finite_number(value: Any, message: str) -> None:
    with pytest.raises(EvaluatorInputError, match=message):
        LatencyEvaluator()(duration_ms=value)


def test_cost_is_the_rows_own_or_that_of_its_tokens_and_never_guessed() -> None:
    own = CostEvaluator()(prompt_tokens=1000, completion_tokens=200, cost_micros=5_000)
    assert (own["cost"], own["cost_result"], own["total_tokens"]) == (0.005, "pass", 1200)
    priced = CostEvaluator(prompt_price=3.0, completion_price=15.0)(prompt_tokens=1000, completion_tokens=200)
    assert priced["cost"] == pytest.approx(0.006)
    unknown = CostEvaluator()(prompt_tokens=1000, completion_tokens=200)
    assert (unknown["cost"], unknown["cost_result"], unknown["cost_status"]) == (None, "unknown", "invalid")
    metrics = CostEvaluator().__aggregate__([own, priced, unknown])
    assert metrics["cost_total"] == pytest.approx(0.011)
    assert (metrics["total_tokens"], metrics["cost_count"], metrics["cost_invalid"]) == (3600, 2, 1)


def test_a_cost_needs_something_to_be_made_of() -> None:
    with pytest.raises(EvaluatorInputError, match="neither tokens nor a cost"):
        CostEvaluator()()
