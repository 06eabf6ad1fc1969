"""Column mappings of a batch: what feeds an input, and which come first."""

from typing import Any

from parity.cases import ECHO, Case, flow, node

FLOW = flow(
    node("n", x="${inputs.v}"),
    node("m", x="${inputs.w}"),
    inputs={"v": "string", "w": {"type": "string", "default": "own"}},
    outputs={"o": "${n.output}", "p": "${m.output}"},
)


def case(name: str, rows: list[dict[str, Any]], mapping: dict[str, Any] | None, **more: Any) -> Case:
    return Case(name=name, flow=FLOW, files={"echo.py": ECHO}, rows=rows, mapping=mapping, **more)


CASES = [
    case("a literal", [{"v": "a"}], {"v": "lit"}),
    case("a number", [{"v": "a"}], {"v": 5}),
    case("a text with a reference in it", [{"v": "a"}], {"v": "x ${data.v}"}),
    case("an empty text", [{"v": "a"}], {"v": "${data.v}", "w": ""}),
    case("null", [{"v": "a"}], {"v": "${data.v}", "w": None}),
    case("a row with null", [{"v": None}], {"v": "${data.v}"}),
    case("a column with a space", [{"a b": "x"}], {"v": "${data.a b}"}),
    case("an input that the flow does not have", [{"v": "a"}], {"v": "${data.v}", "z": "${data.v}"}),
    case("a default comes before a column of its name", [{"v": "a", "w": "column"}], {"v": "${data.v}"}),
    case("a column of its name feeds an input that is not mapped", [{"v": "a", "w": "column"}], {"w": "${data.w}"}),
    case("none at all", [{"v": "a", "w": "column"}], None),
    *(
        case(name, [{"v": {"a": "A"}}], {"v": reference}, code="InputMappingError")
        for name, reference in (
            ("a column that is not there", "${data.z}"),
            ("a part of a column", "${data.v.a}"),
            ("the line's number", "${data.line_number}"),
            ("the whole row", "${data}"),
            ("in capitals", "${DATA.v}"),
            ("with spaces", "${ data.v }"),
            ("a run's output without a run", "${run.outputs.v}"),
        )
    ),
]
