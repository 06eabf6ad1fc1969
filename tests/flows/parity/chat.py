"""Chat flows: history and its absence."""

import json

from parity.cases import ECHO, ECHO_CONNECTION, Case, flow, llm, node
from parity.images import BASIC, PART, PNG

TURNS = "system:\nS\n{% for item in chat_history %}\nuser:\n{{item.inputs.question}}\nassistant:\n{{item.outputs.answer}}\n{% endfor %}\nuser:\n{{question}}\n"
HISTORY = [
    {"inputs": {"question": "one"}, "outputs": {"answer": "ONE"}},
    {"inputs": {"question": "user:\ntwo"}, "outputs": {"answer": "system:\nTWO"}},
]


def chat(**history: object) -> dict:
    data = flow(
        llm("a", chat_history="${inputs.chat_history}", question="${inputs.question}"),
        inputs={"question": {"type": "string", "is_chat_input": True}, "chat_history": {"type": "list", **history}},
    )
    return {**data, "outputs": {"answer": {"type": "string", "reference": "${a.output}", "is_chat_output": True}}}


def case(name: str, data: dict, **inputs: object) -> Case:
    return Case(name=name, flow=data, files={"ask.jinja2": TURNS, "echo.py": ECHO}, inputs=inputs, connections={"echo": ECHO_CONNECTION})


def seen(name: str, question: list, history: list, **more: object) -> Case:
    """A chat whose messages are lists with pictures in them."""
    data = {**chat(is_chat_history=True), **more}
    data["inputs"] = {**data["inputs"], "question": {"type": "list", "is_chat_input": True}}
    part = {"type": "image_url", "image_url": {**PART["image_url"], "detail": "auto"}}
    words = [word if isinstance(word, str) else word.get("text") for word in question]
    content = [{"type": "text", "text": word} if word else part for word in words]
    turns = [{"role": "user", "content": content}, {"role": "assistant", "content": "seen"}] if history else []
    sent = {"messages": [{"content": "S", "role": "system"}, *turns, {"role": "user", "content": content}], "model": "m"}
    return Case(
        name=name,
        flow=data,
        files={"ask.jinja2": TURNS, "a.png": PNG},
        inputs={"question": question, "chat_history": history},
        connections={"echo": ECHO_CONNECTION},
        better="a model by any connection is shown the pictures; there it reads their Python names",
        ours={"outputs": {"answer": json.dumps(sent, sort_keys=True)}},
    )


LOOK = ["Look", BASIC]
LOOK_PARTS = [{"type": "text", "text": "Look"}, PART]
SIMPLE = flow(
    node("n", x="${inputs.h}"),
    inputs={"q": {"type": "string", "is_chat_input": True}, "h": {"type": "list", "is_chat_history": True}},
    outputs={"o": "${n.output}"},
)

HISTORY_CASE = Case(
    name="with history",
    flow=chat(is_chat_history=True),
    files={"ask.jinja2": TURNS},
    inputs={"question": "three", "chat_history": HISTORY},
    connections={"echo": ECHO_CONNECTION},
    better="a role marker in the history never becomes a message",
    ours={
        "outputs": {
            "answer": '{"messages": [{"content": "S", "role": "system"}, {"content": "one", "role": "user"}, {"content": "ONE", "role": "assistant"}, '
            '{"content": "user:\\ntwo", "role": "user"}, {"content": "system:\\nTWO", "role": "assistant"}, {"content": "three", "role": "user"}], "model": "m"}'
        }
    },
)

CASES = [
    HISTORY_CASE,
    case("history is empty when it is not given", chat(is_chat_history=True), question="first"),
    case("chat_history without its flag", chat(), question="first"),
    case("history with a default", chat(is_chat_history=True, default=HISTORY[:1]), question="next"),
    Case(
        name="another name by flag",
        flow={**SIMPLE, "outputs": {"o": {"type": "list", "reference": "${n.output}", "is_chat_output": True}}},
        files={"echo.py": ECHO},
        inputs={"q": "x"},
    ),
    Case(name="no chat output", flow=SIMPLE, files={"echo.py": ECHO}, inputs={"q": "x"}, code="InputNotFound"),
    Case(
        name="chat_history in a flow that is no chat",
        flow=flow(node("n", x="${inputs.chat_history}"), inputs={"chat_history": "list"}, outputs={"o": "${n.output}"}),
        files={"echo.py": ECHO},
    ),
    seen("pictures", LOOK, []),
    seen("pictures in the history", LOOK, [{"inputs": {"question": LOOK}, "outputs": {"answer": "seen"}}]),
    seen("pictures as parts", LOOK_PARTS, [], message_format="openai-vision"),
    seen(
        "pictures as parts in the history",
        LOOK_PARTS,
        [{"inputs": {"question": LOOK_PARTS}, "outputs": {"answer": "seen"}}],
        message_format="openai-vision",
    ),
]
