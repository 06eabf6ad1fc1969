"""What a connection says of its prices: US dollars for a million tokens, by model. They count before the public price list.

The text of the config ``prices`` is YAML or JSON: a model's name (or ``*`` for all others) to ``input``, ``output`` and ``cached_input``.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any, NoReturn, cast

import yaml

from flowyard.connections.errors import ConnectionInvalidError
from flowyard.foundation.errors import Location, nearest

#: The config's key.
PRICES = "prices"
#: Stands for every model that is not named.
ALL = "*"
_KEYS = ("input", "output", "cached_input")
_MOST_MODELS, _HIGHEST = 500, 1_000_000
_EXAMPLE = "Write for instance {gpt-4o: {input: 2.5, output: 10, cached_input: 1.25}}: US dollars for a million tokens."


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """US dollars for a million tokens, which are millionths of a dollar for one. `output` None: not known."""

    input: Decimal
    output: Decimal | None
    cached_input: Decimal

    def micros(self, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> int | None:
        """Return what a call cost in millionths of a dollar, None when that is not known. `cached_tokens` are a part of the prompt's."""
        if self.output is None and completion_tokens:
            return None
        cached = min(cached_tokens, prompt_tokens)
        cost = self.input * (prompt_tokens - cached) + self.cached_input * cached + (self.output or 0) * completion_tokens
        return int(cost.to_integral_value(ROUND_HALF_EVEN))


def stated_price(configs: Mapping[str, Any], *models: str | None) -> Price | None:
    """Return what a connection says that a call of one of these models costs, the first that it names; None where it says nothing.

    Args:
        configs: the connection's.
        models: the names of the model that was called: as it was asked for, as the answer tells it.
    """
    text = configs.get(PRICES)
    if not text:
        return None
    try:
        table = read_prices(str(text))
    except ConnectionInvalidError:
        return None  # written before there were prices, or in a file that nobody checked: nothing is known
    return next((table[name] for name in (*models, ALL) if name and name in table), None)


@lru_cache(maxsize=1024)
def read_prices(text: str) -> Mapping[str, Price]:
    """Return the prices that `text` says, by model.

    Raises:
        ConnectionInvalidError: it is no such mapping, or a price is no number from 0 to a million.
    """
    try:
        found: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        _refuse(f"The prices are no YAML: {getattr(error, 'problem', error)}.")
    if found is None:
        return {}
    if not isinstance(found, dict):
        _refuse(f"The prices are {type(found).__name__}, expected a mapping of models to their prices.")
    table = cast("dict[object, object]", found)
    if len(table) > _MOST_MODELS:
        _refuse(f"There are prices of {len(table)} models; at most {_MOST_MODELS} are kept.")
    return {_name(model): _price(str(model), said) for model, said in table.items()}


def _name(model: object) -> str:
    if not isinstance(model, str) or not model.strip() or len(model) > 200:
        _refuse(f"{str(model)[:80]!r} is no name of a model.")
    return model


def _price(model: str, said: object) -> Price:
    if not isinstance(said, dict):
        _refuse(f"The price of {model!r} is {type(said).__name__}, expected input, output and cached_input.")
    given = cast("dict[object, object]", said)
    for key in given:
        if key not in _KEYS:
            near = nearest(str(key), _KEYS)
            _refuse(f"A price has no {str(key)[:80]!r} ({model!r}).", f"Did you mean {near!r}?" if near else None)
    if given.get("input") is None:
        _refuse(f"The price of {model!r} has no 'input'.")
    price = {key: _number(model, key, value) for key, value in given.items() if value is not None}
    return Price(input=price["input"], output=price.get("output"), cached_input=price.get("cached_input", price["input"]))


def _number(model: str, key: object, value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or not 0 <= value <= _HIGHEST:
        _refuse(f"{key} of {model!r} is {str(value)[:80]!r}, expected a number from 0 to {_HIGHEST}.")
    return Decimal(str(value))


def _refuse(message: str, remedy: str | None = None) -> NoReturn:
    raise ConnectionInvalidError(message, remedy=remedy or _EXAMPLE, location=Location(pointer=f"/configs/{PRICES}"))
