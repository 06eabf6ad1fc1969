"""``promptflow.client``."""

from pathlib import Path
from typing import Any

from flowyard.flows.promptflow.flow import Flow
from flowyard.flows.promptflow.pf_client import PFClient, load_run
from flowyard.flows.prompty.callable import Prompty

__all__ = ["PFClient", "load_flow", "load_run"]


def load_flow(source: str | Path, **kwargs: Any) -> Flow | Prompty:
    """Return the flow at `source`, a folder or a file, as a function of its inputs.

    Raises:
        FlowNotFoundError: there is no flow.
    """
    return Flow.load(source, **kwargs)
