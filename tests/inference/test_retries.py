"""How long is waited before a call is tried again."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowyard.inference.errors import ModelQuotaExceededError, ModelUnreachableError
from flowyard.inference.retries import Retries, retry_after_s


@given(attempt=st.integers(1, 9))
def test_the_wait_doubles_up_to_its_bound(attempt: int) -> None:
    retries = Retries(attempts=10, first_wait_s=1, longest_wait_s=8)
    longest = min(8, 2 ** (attempt - 1))
    wait = retries.wait_s(attempt, ModelUnreachableError("no"))
    assert wait is not None
    assert longest / 2 <= wait <= longest


def test_no_wait_after_the_last_attempt_or_without_hope() -> None:
    assert Retries(attempts=1).wait_s(1, ModelUnreachableError("no")) is None
    assert Retries().wait_s(1, ModelQuotaExceededError("no")) is None
    assert Retries().wait_s(1, ValueError()) is None


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after-ms": "250", "retry-after": "2"}, 0.25),
        ({"retry-after": "-1"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
def test_reads_retry_after(headers: dict[str, str], expected: float | None) -> None:
    assert retry_after_s(headers) == expected


def test_reads_a_date() -> None:
    moment = datetime.now(UTC) + timedelta(seconds=30)
    wait = retry_after_s({"retry-after": format_datetime(moment, usegmt=True)})
    assert wait is not None
    assert 27 < wait <= 30
