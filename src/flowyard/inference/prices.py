"""What a call costs: the public price list of the genai-prices package, which comes with the ``server`` extra.

Prices are those of the version that is installed; nothing is fetched. Rebates of a contract are not known here.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

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
    usage: Any = genai_prices.Usage(input_tokens=prompt_tokens, cache_read_tokens=cached_tokens, output_tokens=completion_tokens)
    try:
        price = genai_prices.calc_price(usage, model, provider_id=listed)
    except LookupError:
        return None
    return Cost(micros=int((price.total_price * _MICRO).to_integral_value(ROUND_HALF_EVEN)))


def price_of(provider: str, model: str, prompt_tokens: int, completion_tokens: int) -> int | None:
    """Return what a call cost in millionths of a US dollar, or None when the price is not known."""
    cost = cost_of(provider, model, prompt_tokens, completion_tokens)
    return None if cost is None else cost.micros
