"""Connections become targets."""

import pytest

from flowyard.inference.errors import ConnectionInvalidError
from flowyard.inference.providers import MODEL_TYPES, InlineConnection, provider_for

KEY = {"api_key": "secret"}


@pytest.mark.parametrize(
    ("kind", "configs", "operation", "url"),
    [
        ("open_ai", {}, "chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("open_ai", {"base_url": "http://gpu:8000/v1/"}, "models", "http://gpu:8000/v1/models"),
        (
            "serverless",
            {"api_base": "https://m.eastus.models.ai.azure.com"},
            "embeddings",
            "https://m.eastus.models.ai.azure.com/v1/embeddings",
        ),
        ("serverless", {"api_base": "https://host/openai/v1"}, "completions", "https://host/openai/v1/completions"),
        ("local", {"base_url": "http://127.0.0.1:8800/v1"}, "chat/completions", "http://127.0.0.1:8800/v1/chat/completions"),
        (
            "azure_open_ai",
            {"api_base": "https://r.openai.azure.com/", "api_version": "2024-06-01"},
            "chat/completions",
            "https://r.openai.azure.com/openai/deployments/gpt%204/chat/completions?api-version=2024-06-01",
        ),
        (
            "azure_open_ai",
            {"api_base": "https://r.openai.azure.com", "api_version": "2024-06-01"},
            "models",
            "https://r.openai.azure.com/openai/models?api-version=2024-06-01",
        ),
        (
            "azure_open_ai",
            {"api_base": "https://r.openai.azure.com/openai/v1"},
            "responses",
            "https://r.openai.azure.com/openai/v1/responses",
        ),
        (
            "azure_open_ai",
            {"api_base": "https://r.openai.azure.com", "api_version": "preview"},
            "embeddings",
            "https://r.openai.azure.com/openai/v1/embeddings?api-version=preview",
        ),
    ],
)
def test_addresses(kind: str, configs: dict[str, str], operation: str, url: str) -> None:
    provider = provider_for(InlineConnection(name="c", type=kind, configs=configs, secrets=KEY))
    target = provider.target(operation, "gpt 4")  # type: ignore[arg-type]
    assert target.url == url
    assert target.model == "gpt 4"
    assert target.method == ("GET" if operation == "models" else "POST")


def test_keys_and_headers() -> None:
    azure = provider_for(InlineConnection(name="c", type="azure_open_ai", configs={"api_base": "https://r"}, secrets=KEY))
    assert azure.target("embeddings", "d").headers == {"api-key": "secret"}
    openai = provider_for(InlineConnection(name="c", type="open_ai", configs={"organization": "org"}, secrets=KEY))
    assert openai.target("models", None).headers == {"authorization": "Bearer secret", "openai-organization": "org"}
    assert (azure.name, openai.name) == ("azure.ai.openai", "openai")


@pytest.mark.parametrize(
    ("connection", "told"),
    [
        (InlineConnection(name="c", type="open_ai"), "has no 'api_key'"),
        (InlineConnection(name="c", type="azure_open_ai", secrets=KEY), "has no 'api_base'"),
        (InlineConnection(name="c", type="azure_open_ai", configs={"api_base": "r.com"}, secrets=KEY), "which is no address"),
        (
            InlineConnection(name="c", type="azure_open_ai", configs={"api_base": "https://r", "auth_mode": "meid_token"}),
            "auth_mode 'meid_token'",
        ),
        (InlineConnection(name="c", type="qdrant"), "has no models"),
    ],
)
def test_what_is_missing_is_named(connection: InlineConnection, told: str) -> None:
    with pytest.raises(ConnectionInvalidError, match=told) as caught:
        provider_for(connection)
    assert caught.value.remedy


def test_secrets_do_not_show() -> None:
    connection = InlineConnection(name="c", type="open_ai", secrets=KEY)
    assert "secret" not in repr(connection)
    assert "secret" not in repr(provider_for(connection).target("models", None))


def test_every_model_type_is_built_in() -> None:
    assert {"azure_open_ai", "open_ai", "serverless", "local", "scripted"} == MODEL_TYPES
