"""What records keep of values: JSON, the same whether it is made at once or by way of a copy."""

import math
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.runtime.line_spool import pack_nodes, unpack_nodes
from flowyard.flows.runtime.record import NodeRecord, json_value, pack_json
from flowyard.foundation.codecs import to_json


class Colour(Enum):
    RED = "red"


class Size(IntEnum):
    SMALL = 1


class Text(str):
    __slots__ = ()


@dataclass
class Point:
    x: int
    of: Any = "o"


@pytest.mark.parametrize(
    "value",
    [
        "text",
        [1, 2.5, True, "ä"],
        2**80,
        (1, (2,)),
        {3},
        {1: "a", 1.5: "b"},
        {Colour.RED: 1, Size.SMALL: 2, b"x": 3},
        Point(1, Point(2, [(Colour.RED,)])),
        datetime(2026, 11, 26, tzinfo=UTC),
        Decimal("1.50"),
        b"bytes",
    ],
)
def test_plain_values_are_packed_as_their_copies_are(value: Any) -> None:
    assert bytes(pack_json({"out": value}) or b"") == to_json(json_value({"out": value}))


@pytest.mark.parametrize("value", [None, math.nan, [math.inf], "null", Text("x"), "\ud800", Path("p"), object(), {(1, 2): 3}])
def test_what_takes_more_is_not_packed(value: Any) -> None:
    assert pack_json({"out": value}) is None


def test_what_nodes_did_is_packed_in_one_format_wherever_that_is() -> None:
    lines = [[NodeRecord(node="a", kind="python", span_id=f"{number:016x}", output="the same " * 20)] for number in range(100)]
    without = """
import sys
sys.modules["isal"] = None  # as where there is none for the platform
from flowyard.flows.runtime.line_spool import pack_nodes, unpack_nodes
sys.stdout.buffer.write(pack_nodes(unpack_nodes(sys.stdin.buffer.read())))
"""
    packed = pack_nodes(lines)
    again = subprocess.run([sys.executable, "-c", without], input=packed, capture_output=True, check=True).stdout
    assert unpack_nodes(packed) == unpack_nodes(again) == lines
    assert max(len(packed), len(again)) < 5000
