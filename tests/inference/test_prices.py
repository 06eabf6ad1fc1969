"""What calls cost."""

import pytest

from flowyard.inference.prices import Cost, cost_of, price_of


def test_local_calls_are_free_and_strangers_unknown() -> None:
    assert cost_of("flowyard", "smollm2-135m", 10, 10) == Cost(micros=0)
    assert cost_of("scripted", "any", 10, 10) == Cost(micros=0)
    assert cost_of("openai-compatible", "gpt-4o", 10, 10) is None
    assert cost_of("openai", "no-such-model", 10, 10) is None


@pytest.mark.parametrize("provider", ["openai", "azure.ai.openai"])
def test_known_models_have_a_price_that_grows(provider: str) -> None:
    small, large = price_of(provider, "gpt-4o-2024-08-06", 1_000, 100), price_of(provider, "gpt-4o-2024-08-06", 1_000_000, 100_000)
    assert small is not None
    assert large == pytest.approx(small * 1000, rel=0.01)
    cached = cost_of(provider, "gpt-4o-2024-08-06", 1_000_000, 100_000, cached_tokens=1_000_000)
    assert cached is not None
    assert 0 < cached.micros < large
