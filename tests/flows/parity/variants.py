"""Variants: the default, another one by name, and what is wrong with them; overrides of nodes."""

from parity.cases import ECHO, ECHO_CONNECTION, Case, flow, llm, node

FILES: dict[str, str | bytes] = {"echo.py": ECHO, "ask.jinja2": "user:\nhello {{who}}\n"}


def variants(default: str | None = "v0", **extra) -> dict:
    table = {
        "variants": {
            "v0": {"node": {key: value for key, value in node("n", x="zero").items() if key != "name"}},
            "v1": {"node": {key: value for key, value in node("n", x="${inputs.q}").items() if key != "name"}, "description": "asks"},
        },
        **({"default_variant_id": default} if default else {}),
    }
    return flow(
        {"name": "n", "use_variants": True, **extra},
        node("m", x="${n.output}"),
        inputs={"q": "string"},
        outputs={"o": "${m.output}"},
        node_variants={"n": table},
    )


def case(name: str, data: dict, variant: str | None = None, code: str | None = None) -> Case:
    return Case(name=name, flow=data, files=FILES, inputs={"q": "question"}, variant=variant, code=code)


ASK = flow(llm("a", who="you"), outputs={"o": "${a.output}"})

CASES = [
    case("default", variants()),
    case("other default", variants("v1")),
    case("by name", variants(), "${n.v1}"),
    case("by name without a default", variants(None), "${n.v1}"),
    case("no default", variants(None), code="NodeOfVariantNotFound"),
    case("default that is not there", variants("v9"), code="NodeOfVariantNotFound"),
    case("unknown variant", variants(), "${n.v9}", "VariantNotFound"),
    case("unknown node", variants(), "${z.v1}", "VariantNotFound"),
    case("node without variants", variants(), "${m.v1}", "VariantNotFound"),
    case("no variant's name", variants(), "v1", "InvalidInput"),
    case(
        "inputs of the node itself do not count", variants(inputs={"x": "own"}, type="python", source={"type": "code", "path": "echo.py"})
    ),
    case("use_variants without node_variants", {**variants(), "node_variants": {}}, code="NodeOfVariantNotFound"),
    case("node_variants without use_variants", {**variants(), "nodes": [node("n", x="own"), node("m", x="${n.output}")]}),
    case(
        "variant asked of a node that does not use them",
        {**variants(), "nodes": [node("n", x="own"), node("m", x="${n.output}")]},
        "${n.v1}",
    ),
    Case(
        name="llm connection, model",
        flow=ASK,
        files=FILES,
        overrides={"a": {"connection": "other", "model": "large"}},
        connections={"other": ECHO_CONNECTION, "echo": ECHO_CONNECTION},
    ),
    Case(
        name="llm deployment_name",
        flow=ASK,
        files=FILES,
        overrides={"a": {"deployment_name": "large"}},
        connections={"echo": ECHO_CONNECTION},
        better="deployment_name names the model whatever the connection",
        ours={"outputs": {"o": '{"messages": [{"content": "hello you", "role": "user"}], "model": "large"}'}},
    ),
    Case(
        name="override of an unknown node",
        flow=ASK,
        files=FILES,
        overrides={"z": {"connection": "other"}},
        connections={"echo": ECHO_CONNECTION},
        code="OverriddenNodeNotFound",
    ),
    Case(
        name="override of a python input",
        flow=flow(node("n", x=1), outputs={"o": "${n.output}"}),
        files=FILES,
        overrides={"n": {"x": "2"}},
        better="any input of a node can be overridden, not only its connection and model",
        ours={"status": "completed", "outputs": {"o": 2}, "nodes": {"n": "completed"}, "metrics": {}, "errors": []},
    ),
]
