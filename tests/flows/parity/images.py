"""Images in both message formats."""

import base64

from parity.cases import ECHO_CONNECTION, Case, flow, llm, node, tool

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
TEXT = base64.b64encode(PNG).decode()
KIND = tool("return [type(x).__name__, len(x)]")
PART = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{TEXT}"}}
BASIC = {"data:image/png;base64": TEXT}


def kind(name: str, given: object, typed: str = "image", **more: object) -> Case:
    data = flow(node("n", "kind.py", x="${inputs.v}"), inputs={"v": typed}, outputs={"o": "${n.output}"}, **more)
    return Case(name=name, flow=data, files={"kind.py": KIND, "a.png": PNG}, inputs={"v": given})


def seen(name: str, given: object, text: str = "user:\nlook ![image]({{v}}) here\n", typed: str = "image", **more: object) -> Case:
    data = flow(llm("a", v="${inputs.v}"), inputs={"v": typed}, outputs={"o": "${a.output}"}, **more)
    return Case(name=name, flow=data, files={"ask.jinja2": text, "a.png": PNG}, inputs={"v": given}, connections={"echo": ECHO_CONNECTION})


CASES = [
    kind("base64", BASIC),
    kind("a path", {"data:image/png;path": "a.png"}),
    kind("a path that is not there", {"data:image/png;path": "gone.png"}),
    kind("a text path", "a.png"),
    kind("a text that is base64", TEXT),
    kind("in a list", [BASIC, "x"], "list"),
    kind("openai-vision part", PART, message_format="openai-vision"),
    kind("openai-vision in a list", [PART], "list", message_format="openai-vision"),
    kind("an unknown form", {"data:image/png;colour": "x"}),
    Case(
        name="a default",
        flow=flow(node("n", "kind.py", x="${inputs.v}"), inputs={"v": {"type": "image", "default": "a.png"}}, outputs={"o": "${n.output}"}),
        files={"kind.py": KIND, "a.png": PNG},
    ),
    Case(
        name="a part of what a node gives",
        flow=flow(node("m", "make.py", x=TEXT), node("n", "kind.py", x="${m.output.pictures[0]}"), outputs={"o": "${n.output}"}),
        files={
            "kind.py": KIND,
            "make.py": tool(
                "return {'pictures': [Image(base64.b64decode(x))]}",
                head="import base64\nfrom promptflow.contracts.multimedia import Image\n",
            ),
        },
    ),
]
