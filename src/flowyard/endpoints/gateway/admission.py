"""Which limits a request falls under, and what is reserved for it before its answer is known."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from flowyard.endpoints.errors import PriceUnknownError
from flowyard.endpoints.gateway.auth import Principal
from flowyard.endpoints.gateway.directory import Directory
from flowyard.endpoints.gateway.limits import Bound, Hold, Limiter
from flowyard.endpoints.gateway.requests import ModelRequest
from flowyard.identity.limits import Measure, bounds_of, key_subject, workspace_subject
from flowyard.inference.providers.base import Operation
from flowyard.wire.limits import Limits

#: Micro-dollars of a call with so many prompt and completion tokens; None: the price is not known.
Price = Callable[[int, int], int | None]

#: Tokens of an answer that are reserved where the request does not bound them; what is used is counted once it is known.
ANSWER_TOKENS = 256

_BOUNDS = ("max_completion_tokens", "max_tokens", "max_output_tokens")
_ANSWERLESS: frozenset[Operation] = frozenset({"embeddings", "rerank"})
# A token is about four characters of English.
_BYTES_A_TOKEN = 4


class Admission:
    """Lets requests in within the limits of their key and workspace."""

    def __init__(self, directory: Directory, limiter: Limiter) -> None:
        self._directory = directory
        self._limiter = limiter

    async def request(self, principal: Principal) -> Hold | None:
        """Reserve a request whose model calls count for themselves; None: there is no limit."""
        bounds = self._bounds(principal)
        return await self._limiter.hold(bounds) if bounds else None

    async def call(self, principal: Principal, operation: Operation, request: ModelRequest, price: Price) -> Hold | None:
        """Reserve a model call with its prompt and the longest answer it may get; None: there is no limit.

        Raises:
            LimitReachedError: a limit of a minute is reached.
            BudgetSpentError: a budget is spent.
            PriceUnknownError: there is a budget that refuses calls without a price, and the model has none.
        """
        bounds = self._bounds(principal)
        if not bounds:
            return None
        prompt = len(request.data) // _BYTES_A_TOKEN
        answer = 0 if operation in _ANSWERLESS else longest_answer(request.fields)
        cost = 0
        if any("day" in bound.bounds or "month" in bound.bounds for bound in bounds):
            known = price(prompt, answer)
            if known is None:
                self._check_price(principal, request.model)
            cost = known or 0
        return await self._limiter.hold(bounds, tokens=prompt + answer, cost_micros=cost)

    async def close(self) -> None:
        """Tell the database what was used."""
        await self._limiter.close()

    def _bounds(self, principal: Principal) -> list[Bound]:
        found: list[Bound] = []
        own, shared = _read(principal.limits), _read(self._directory.limits(principal.workspace_id))
        if own:
            name, remedy = f"key {principal.key!r}", f"flowyard key update {principal.key}"
            found.append(Bound(subject=key_subject(principal.key_id), name=name, remedy=remedy, bounds=own))
        if shared:
            subject = workspace_subject(principal.workspace_id)
            found.append(Bound(subject=subject, name="workspace", remedy="flowyard limits set", bounds=shared))
        return found

    def _check_price(self, principal: Principal, model: str) -> None:
        for limits in (principal.limits, self._directory.limits(principal.workspace_id)):
            budget = limits.dollars_per_day is not None or limits.dollars_per_month is not None
            if budget and limits.unknown_price == "refuse":
                raise PriceUnknownError(
                    f"The price of {model!r} is not known, and the budget refuses such calls.",
                    remedy="State its prices in its connection, or let such calls through with --unknown-price allow.",
                )


def longest_answer(fields: Mapping[str, msgspec.Raw]) -> int:
    """Return how many tokens the answer to a request may have at most, or `ANSWER_TOKENS` where it does not say."""
    most = next((value for name in _BOUNDS if (value := _count(fields.get(name))) is not None), ANSWER_TOKENS)
    return most * (_count(fields.get("n")) or 1)


def _count(raw: msgspec.Raw | None) -> int | None:
    value: Any = None if raw is None else msgspec.json.decode(raw)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


@lru_cache(maxsize=4096)
def _read(limits: Limits) -> Mapping[Measure, int]:
    return bounds_of(limits)
