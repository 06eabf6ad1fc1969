"""Names of prompt flow's hosted runtime, which was never published, that public tool packages import (promptflow-vectordb does)."""

import os
from collections.abc import Sequence
from typing import NoReturn

from flowyard.flows.promptflow.exceptions import UserErrorException

__all__ = ["build_connection_dict", "get_resource_management_scope"]


def get_resource_management_scope() -> str:
    """Return the scope of a token for Azure's management service, that of the variable ``AZURE_RESOURCE_MANAGER`` where it is set."""
    return f"{os.environ.get('AZURE_RESOURCE_MANAGER', 'https://management.azure.com').rstrip('/')}/.default"


def build_connection_dict(connection_names: Sequence[str], *workspace: str, **options: object) -> NoReturn:
    """Refuse: connections of an Azure ML workspace are not to be had here.

    Raises:
        UserErrorException: always.
    """
    del workspace, options
    raise UserErrorException(
        f"The connections {', '.join(connection_names)} of an Azure ML workspace cannot be had here. "
        "Create them with `flowyard connection create`, and call the service from a Python node that takes the connection as an input."
    )
