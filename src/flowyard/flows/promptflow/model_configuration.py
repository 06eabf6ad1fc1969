"""Model configurations: where a prompty's model is, or a model that a flex flow's class takes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from flowyard.flows.errors import FlowError

__all__ = ["AzureOpenAIModelConfiguration", "ModelConfiguration", "OpenAIModelConfiguration"]


class InvalidConnectionError(FlowError):
    """A model configuration names a connection, and says besides what a connection says."""

    code = "InvalidConnectionError"
    title = "The model configuration contradicts itself"


class ModelConfiguration:
    """Base of model configurations."""

    TYPE: ClassVar[str] = ""
    connection: str | None

    @property
    def type(self) -> str:
        """The type of the connection that it stands for."""
        return self.TYPE


def _either(connection: str | None, *values: str | None) -> None:
    if connection and any(values):
        raise InvalidConnectionError(
            f"The model configuration names the connection {connection!r} and gives keys or addresses besides.",
            remedy="Give one of the two.",
        )


@dataclass
class AzureOpenAIModelConfiguration(ModelConfiguration):
    """A deployment of Azure OpenAI: by a connection's name, or by address and key.

    Raises:
        InvalidConnectionError: both are given.
    """

    TYPE: ClassVar[str] = "azure_open_ai"

    azure_deployment: str
    azure_endpoint: str | None = None
    api_version: str | None = None
    api_key: str | None = field(default=None, repr=False)
    connection: str | None = None

    def __post_init__(self) -> None:
        """Check that it says one thing."""
        _either(self.connection, self.azure_endpoint, self.api_key, self.api_version)

    @classmethod
    def from_connection(cls, connection: Any, azure_deployment: str) -> "AzureOpenAIModelConfiguration":
        """Return the configuration of a deployment behind a connection object."""
        return cls(azure_deployment, azure_endpoint=connection.api_base, api_version=connection.api_version, api_key=connection.api_key)


@dataclass
class OpenAIModelConfiguration(ModelConfiguration):
    """A model of OpenAI, or of whatever speaks its protocol: by a connection's name, or by address and key.

    Raises:
        InvalidConnectionError: both are given.
    """

    TYPE: ClassVar[str] = "open_ai"

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    organization: str | None = None
    connection: str | None = None

    def __post_init__(self) -> None:
        """Check that it says one thing."""
        _either(self.connection, self.base_url, self.api_key, self.organization)

    @classmethod
    def from_connection(cls, connection: Any, model: str) -> "OpenAIModelConfiguration":
        """Return the configuration of a model behind a connection object."""
        return cls(model, base_url=connection.base_url, api_key=connection.api_key, organization=connection.organization)
