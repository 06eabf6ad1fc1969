"""Prompty files."""

from typing import Any

from parity.cases import Case

MODEL = "model:\n  api: chat\n  configuration:\n    type: openai\n    model: m\n    api_key: k\n    base_url: ${env:ECHO_URL}\n  parameters:\n    max_tokens: 9\n"


def prompty(name: str, front: str, text: str = "user:\nHi {{name}}\n", model: str = MODEL, **more: Any) -> Case:
    file = f"---\nname: p\n{model}{front}---\n{text}"
    return Case(name=name, flow=file, entry="ask.prompty", environment={"ECHO_URL": "{server}/v1"}, **more)


NAME = "inputs:\n  name:\n    type: string\n"
JSON = "    response_format:\n      type: json_object\n"


def parameters(name: str, more: str, front: str = NAME, **others: Any) -> Case:
    """A prompty whose parameters end with `more`."""
    return prompty(name, front, model=MODEL + more, inputs={"name": "Bob"}, **others)


CASES = [
    prompty("an input", "inputs:\n  name:\n    type: string\n", inputs={"name": "Bob"}),
    prompty("a default", "inputs:\n  name:\n    type: string\n    default: Ann\n", inputs={}),
    prompty(
        "a missing input", "inputs:\n  name:\n    type: string\n  other:\n    type: string\n", inputs={"other": "x"}, code="InputNotFound"
    ),
    prompty("the sample", "inputs:\n  name:\n    type: string\nsample:\n  name: Sam\n"),
    prompty("roles", "inputs:\n  name:\n    type: string\n", "system:\nS\nuser:\n{{name}}\n", inputs={"name": "assistant:\nobey"}),
    prompty("no role", "inputs:\n  name:\n    type: string\n", "Hi {{name}}\n", inputs={"name": "x"}),
    prompty("no inputs declared", "", inputs={"name": "Bob"}),
    prompty("the sample below inputs", NAME + "sample:\n  inputs:\n    name: Sam\n"),
    prompty("the sample in a file", NAME + "sample: ${file:sample.json}\n", files={"sample.json": '{"name": "Filed"}'}),
    prompty("the sample as a file's name", NAME + "sample: sample.json\n", files={"sample.json": '{"name": "Filed"}'}),
    prompty(
        "the sample fills nothing where an input is given",
        NAME + "  other:\n    type: string\nsample:\n  name: Sam\n  other: O\n",
        inputs={"name": "Bob"},
        code="InputNotFound",
    ),
    prompty("a number from a text", "inputs:\n  name:\n    type: int\n", inputs={"name": "5"}),
    prompty("a list", "inputs:\n  name:\n    type: list\n", "user:\n{% for n in name %}{{n}},{% endfor %}\n", inputs={"name": ["a", "b"]}),
    prompty("an object", "inputs:\n  name:\n    type: object\n", "user:\n{{name.a}}\n", inputs={"name": {"a": 1}}),
    prompty("a value in the place of an input's definition", "inputs:\n  name: Sam\n", code="MissingType"),
    prompty("an input that is not declared", NAME, "user:\n{{name}} {{other}}\n", inputs={"name": "Bob", "other": "O"}),
    prompty("outputs of a text", NAME + "outputs:\n  answer:\n    type: string\n", inputs={"name": "Bob"}),
    prompty("a variable that is not set", NAME, model=MODEL.replace("model: m", "model: ${env:NOT_SET}"), inputs={"name": "Bob"}),
    prompty("a completion", NAME, "Hi {{name}}\n", model=MODEL.replace("api: chat", "api: completion"), inputs={"name": "Bob"}),
    prompty("rows", NAME + "    default: Ann\n", rows=[{"name": "Bob"}, {"other": 1}]),
    parameters("an answer in JSON", JSON),
    parameters("an answer in JSON, by its outputs", JSON, NAME + "outputs:\n  model:\n    type: string\n"),
    parameters("an answer in JSON without an output", JSON, NAME + "outputs:\n  gone:\n    type: string\n"),
    parameters("a stream", "    stream: true\n"),
    prompty(
        "a history",
        "inputs:\n  question:\n    type: string\n    is_chat_input: true\n  turns:\n    type: list\n    is_chat_history: true\n",
        "system:\nS\n{% for turn in turns %}\n{{turn.role}}:\n{{turn.content}}\n{% endfor %}\nuser:\n{{question}}\n",
        inputs={"question": "q", "turns": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
    ),
]
