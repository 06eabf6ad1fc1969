"""The names under which scoring scripts of Azure ML import what their server gives them."""

import sys
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from flowyard.endpoints.online.scripts.raw_http import AMLRequest, AMLResponse, rawhttp

_REQUEST = {"AMLRequest": AMLRequest, "rawhttp": rawhttp}
_RESPONSE = {"AMLResponse": AMLResponse}
_MODULES: dict[str, Mapping[str, object]] = {
    "azureml.contrib.services.aml_request": _REQUEST,
    "azureml.contrib.services.aml_response": _RESPONSE,
    "azureml_inference_server_http.api.aml_request": _REQUEST,
    "azureml_inference_server_http.api.aml_response": _RESPONSE,
}


def install() -> None:
    """Let this process find the modules. What is installed of their packages besides stays."""
    for name, members in _MODULES.items():
        module = ModuleType(name)
        vars(module).update(members)
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
