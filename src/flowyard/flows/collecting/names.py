"""The names of Azure ML's packages under which user code imports what is ours."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from flowyard.flows.collecting.collector import BasicCorrelationContext, Collector, CorrelationContext, get_context

_CONTEXT = {"CorrelationContext": CorrelationContext, "BasicCorrelationContext": BasicCorrelationContext, "get_context": get_context}
_MONITORING: dict[str, Mapping[str, object]] = {
    "azureml.ai.monitoring": {"Collector": Collector},
    "azureml.ai.monitoring.collector": {"Collector": Collector},
    "azureml.ai.monitoring.context": _CONTEXT,
}


def install(modules: Mapping[str, Mapping[str, object]] = _MONITORING) -> None:
    """Let this process find `modules`, each with its members. What is installed of their packages besides stays."""
    for name, members in modules.items():
        module = ModuleType(name)
        vars(module).update(members)
        module.__path__ = []
        sys.modules[name] = module
        above, _, last = name.rpartition(".")
        setattr(_package(above), last, module)


def _package(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError:
        made = sys.modules[name] = ModuleType(name)
        made.__path__ = []
        above, _, last = name.rpartition(".")
        if above:
            setattr(_package(above), last, made)
        return made
