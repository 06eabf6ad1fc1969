"""The home screen: an empty workspace answers, and states are counted for what they mean."""

from typing import Any

from flowyard.server.overview import count_endpoints, count_flows
from flowyard.wire.endpoints import Deployment, DeploymentState, Endpoint
from flowyard.wire.flows import Flow


def test_an_empty_workspace(client: Any, owner: dict[str, str]) -> None:
    answer = client.get("/api/v1/workspaces/default/overview", headers=owner)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [stage["stage"] for stage in found["stages"]] == ["models", "flows", "endpoints"]
    models, flows, endpoints = found["stages"]
    assert models["total"] > 0
    assert (models["good"], flows["total"], endpoints["total"]) == (0, 0, 0)
    assert (found["jobs"], found["traces"], found["requests_24h"], found["errors_24h"], found["tokens_24h"]) == ([], [], 0, 0, 0)


def endpoint(*states: DeploymentState) -> Endpoint:
    deployments = tuple(
        Deployment(name=f"d{n}", endpoint="e", state=state, instance_count=1, replicas=(), created_at="", updated_at="")
        for n, state in enumerate(states)
    )
    return Endpoint(
        name="e",
        description=None,
        traffic={},
        deployments=deployments,
        created_at="",
        updated_at="",
        scoring_path="",
        swagger_path="",
        openai_path="",
    )


def test_an_endpoint_is_as_well_as_its_worst_deployment() -> None:
    found = count_endpoints([endpoint(), endpoint("healthy", "healthy"), endpoint("healthy", "failed"), endpoint("healthy", "deploying")])
    assert (found.total, found.good, found.busy, found.bad) == (4, 1, 1, 1)


def test_a_flow_with_errors_is_in_trouble() -> None:
    flows = [
        Flow(name="f", kind="dag", purpose="standard", description=None, updated_at="", digest="", nodes=1, errors=errors)
        for errors in (0, 0, 2)
    ]
    found = count_flows(flows)
    assert (found.total, found.good, found.bad) == (3, 2, 1)
