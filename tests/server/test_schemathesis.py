"""Requests made up from the API's own schema: none ends in an error of ours, and every answer fits the schema."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from support.api_operations import OPERATIONS

pytestmark = pytest.mark.integration
# Bodies of other kinds cannot be made up from a schema; `test_problem_shape` sends them bytes.
MADE_UP = [(m, p, o) for m, p, o in OPERATIONS if "application/json" in o.get("requestBody", {}).get("content", {"application/json": None})]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def schema(application: Any) -> Any:
    """The schema, read once: to write and to read it costs more than the requests of an operation."""
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", application)


@pytest.mark.parametrize(("method", "path", "operation"), MADE_UP, ids=[o["operationId"] for _, _, o in MADE_UP])
def test_no_made_up_request_breaks_the_server(
    schema: Any, application: Any, services: Any, owner: dict[str, str], method: str, path: str, operation: dict[str, Any]
) -> None:
    application.state.services = services
    # Made once, not for each request.
    cases = schema[path][method.upper()].as_strategy()

    @settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def send(data: Any) -> None:
        case = data.draw(cases)
        if "workspace" in case.path_parameters:
            case.path_parameters["workspace"] = "default"
        case.validate_response(case.call(headers=owner), checks=CHECKS, headers=owner)

    send()
