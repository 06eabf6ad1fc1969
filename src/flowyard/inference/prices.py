"""What a call costs: the public price list of the genai-prices package, which comes with the ``server`` extra.

Prices are those of the version that is installed; nothing is fetched. What a contract says stands with its
connection (`connections.prices`).
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache
from typing import Any

from flowyard.foundation.clock import HOUR_NS
from flowyard.foundation.errors import MissingExtraError

_MICRO = Decimal(1_000_000)

#: Providers whose calls cost nothing: they run on this machine.
_FREE = frozenset({"flowyard", "scripted"})

#: Our providers (OpenTelemetry's names) as the price list calls them. Others have no price: a compatible server may cost anything.
_LISTED = {
    "openai": "openai",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "azure": "azure",
    "az.ai.openai": "azure",
    "anthropic": "anthropic",
    "aws.bedrock": "aws",
    "aws_bedrock": "aws",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google",
    "gemini": "google",
    "google": "google",
    "vertex_ai": "google",
    "groq": "groq",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "moonshot_ai": "moonshotai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "together",
    "x_ai": "x-ai",
    "xai": "x-ai",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """An amount in millionths of `currency`'s unit."""

    micros: int
    currency: str = "USD"


def cost_of(provider: str, model: str, prompt_tokens: int, completion_tokens: int, *, cached_tokens: int = 0) -> Cost | None:
    """Return what a call cost, or None when the price is not known.

    Args:
        provider: the provider's name in telemetry.
        model: the model that answered (its full name where the answer told one).
        prompt_tokens: all of the prompt, the cached ones among them.
        completion_tokens: of the answer.
        cached_tokens: those of the prompt that the provider had cached.

    Raises:
        MissingExtraError: genai-prices is not installed, and the provider is none of this machine.
    """
    if provider in _FREE:
        return Cost(micros=0)
    listed = _LISTED.get(provider.lower())
    if listed is None:
        return None
    try:
        import genai_prices
    except ImportError as error:
        raise MissingExtraError("The price list", "server") from error
    flat = None if cached_tokens else _flat(listed, model, time.time_ns() // HOUR_NS)
    if flat is not None:
        return _rounded(flat[0] * prompt_tokens + flat[1] * completion_tokens)
    if not _has(listed, model, time.time_ns() // HOUR_NS):
        return None
    usage: Any = genai_prices.Usage(input_tokens=prompt_tokens, cache_read_tokens=cached_tokens, output_tokens=completion_tokens)
    try:
        price = genai_prices.calc_price(usage, model, provider_id=listed)
    except LookupError:
        return None
    return _rounded(price.total_price * _MICRO)


@lru_cache(maxsize=4096)
def _flat(listed: str, model: str, hour: int) -> tuple[Decimal, Decimal] | None:
    """Return the prices of a prompt's and a completion's token in micro-units, where these are all there is to it.

    A price by the million tokens in units is a price by the token in micro-units. `hour` lets prices of the time of day be found anew.
    """
    del hour
    from genai_prices import data_snapshot

    try:
        _, found = data_snapshot.get_snapshot().find_provider_model(model, None, listed, None)
    except LookupError:
        return None
    told = {name: value for name, value in vars(found.get_prices(datetime.now(UTC))).items() if value is not None}
    prompt, completion = told.pop("input_mtok", None), told.pop("output_mtok", Decimal(0))
    # Prices of cached tokens, audio and the like matter to calls that had such; a price by the request, or by tiers, to all.
    plain = isinstance(prompt, Decimal) and isinstance(completion, Decimal) and not any("request" in name for name in told)
    return (prompt, completion) if plain else None


@lru_cache(maxsize=4096)
def _has(listed: str, model: str, hour: int) -> bool:
    """Whether the list has the model. To find out that it has not takes a tenth of a millisecond, and gateways ask for every call."""
    del hour
    from genai_prices import data_snapshot

    try:
        data_snapshot.get_snapshot().find_provider_model(model, None, listed, None)
    except LookupError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPrice:
    """Prices in US dollars by the million tokens. `tiered`: longer prompts cost more, and these are the prices of short ones."""

    prompt: Decimal
    completion: Decimal | None
    cached: Decimal | None
    tiered: bool
    version: str


@lru_cache(maxsize=1024)
def list_price(provider: str, model: str) -> ListPrice | None:
    """Return what the price list says of a model, or None where it says nothing, or is not installed."""
    listed = _LISTED.get(provider.lower())
    if listed is None:
        return None
    try:
        from genai_prices import __version__, data_snapshot

        _, found = data_snapshot.get_snapshot().find_provider_model(model, None, listed, None)
    except (ImportError, LookupError):
        return None
    told: dict[str, Any] = vars(found.get_prices(datetime.now(UTC)))
    prompt, completion, cached = (told.get(name) for name in ("input_mtok", "output_mtok", "cache_read_mtok"))
    if prompt is None:
        return None
    prices = (prompt, completion, cached)
    tiered = any(price is not None and not isinstance(price, Decimal) for price in prices)
    base = [price if price is None or isinstance(price, Decimal) else Decimal(price.base) for price in prices]
    return ListPrice(prompt=base[0] or Decimal(0), completion=base[1], cached=base[2], tiered=tiered, version=str(__version__))


def _rounded(micros: Decimal) -> Cost:
    return Cost(micros=int(micros.to_integral_value(ROUND_HALF_EVEN)))


def price_of(provider: str, model: str, prompt_tokens: int, completion_tokens: int, cached_tokens: int = 0) -> int | None:
    """Return what a call cost in millionths of a US dollar, or None when the price is not known."""
    cost = cost_of(provider, model, prompt_tokens, completion_tokens, cached_tokens=cached_tokens)
    return None if cost is None else cost.micros
