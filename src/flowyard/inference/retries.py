"""When a call is tried again, and how long to wait before it."""

import random
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from flowyard.inference.errors import (
    ModelCallError,
    ModelQuotaExceededError,
    ModelRateLimitedError,
    ModelRequestRefusedError,
    ModelUnreachableError,
)

#: Is told of each retry in its context before the wait: how many tries were made, why the last failed, the seconds to wait.
retry_listener: ContextVar[Callable[[int, Exception, float], None] | None] = ContextVar("flowyard_retry_listener", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """How often and how patiently. The wait doubles from `first_wait_s` to `longest_wait_s`, with jitter; ``Retry-After`` wins over it.

    A server that asks for a longer pause than `longest_retry_after_s` gets no retry: the caller is told instead. `attempts` counts the
    tries of a call; `rate_limited_attempts` those that end in 429, when it is not None; `unprocessable_attempts` bounds the 422s in a row.
    """

    attempts: int = 4
    rate_limited_attempts: int | None = None
    unprocessable_attempts: int = 1
    first_wait_s: float = 0.5
    longest_wait_s: float = 8.0
    longest_retry_after_s: float = 60.0

    def wait_s(self, attempt: int, error: Exception, in_a_row: int = 1) -> float | None:
        """Return the seconds to wait before the next try, or None when there is none.

        `attempt` counts those made, from 1; `in_a_row` those at the end that failed with this very status.
        """
        if attempt >= self._most(error) or not (
            worth_retrying(error) or (_unprocessable(error) and in_a_row < self.unprocessable_attempts)
        ):
            return None
        asked = error.retry_after_s if isinstance(error, ModelRateLimitedError | RetriableError) else None
        if asked is not None:
            return asked if asked <= self.longest_retry_after_s else None
        longest = min(self.longest_wait_s, self.first_wait_s * 2 ** (attempt - 1))
        # Full jitter would let clients that failed together come back at once; half of it keeps the pause and spreads them.
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing

    def _most(self, error: Exception) -> int:
        limited = isinstance(error, ModelRateLimitedError) and self.rate_limited_attempts is not None
        return self.rate_limited_attempts or 0 if limited else self.attempts


#: For the nodes of flows: rate limits are waited out, as long as the call's time allows; other failures are tried again for about a minute.
PATIENT = Retries(attempts=7, rate_limited_attempts=100, unprocessable_attempts=3, longest_wait_s=60.0)


class RetriableError(ModelCallError):
    """The server failed (>= 500, 408): it may work when tried again. `retry_after_s` is what it asked for."""

    retry_after_s: float | None = None


def _unprocessable(error: Exception) -> bool:
    return isinstance(error, ModelRequestRefusedError) and error.upstream_status == 422


def worth_retrying(error: Exception) -> bool:
    """Return whether the same call may succeed later."""
    if isinstance(error, ModelQuotaExceededError | ModelRequestRefusedError):
        return False
    return isinstance(error, ModelRateLimitedError | ModelUnreachableError | RetriableError)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Read ``retry-after-ms`` (OpenAI, Azure) or ``retry-after`` (RFC 9110: seconds or a date) in seconds from now, at least 0."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return max(0.0, milliseconds / 1000)
    text = headers.get("retry-after")
    seconds = _number(text)
    if seconds is not None:
        return max(0.0, seconds)
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
