"""The names under which scoring scripts of Azure ML import what their server gives them."""

from collections.abc import Mapping

from flowyard.endpoints.online.scripts.raw_http import AMLRequest, AMLResponse, rawhttp

_REQUEST = {"AMLRequest": AMLRequest, "rawhttp": rawhttp}
_RESPONSE = {"AMLResponse": AMLResponse}
#: The modules and their members.
MODULES: dict[str, Mapping[str, object]] = {
    "azureml.contrib.services.aml_request": _REQUEST,
    "azureml.contrib.services.aml_response": _RESPONSE,
    "azureml_inference_server_http.api.aml_request": _REQUEST,
    "azureml_inference_server_http.api.aml_response": _RESPONSE,
}
