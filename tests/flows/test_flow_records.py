"""What records keep of values: JSON, the same whether it is made at once or by way of a copy."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

import pytest

from flowyard.flows.runtime.record import json_value, pack_json
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
