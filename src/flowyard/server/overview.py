"""Counts for the home screen, from what the nouns' services list."""

from collections.abc import Iterable

from flowyard.wire.endpoints import Endpoint
from flowyard.wire.flows import Flow
from flowyard.wire.models import Model
from flowyard.wire.overview import StageCount


def count_models(models: Iterable[Model]) -> StageCount:
    """Count the catalog's models: well when they are on this machine, in trouble when their files are damaged."""
    states = [model.state for model in models]
    return StageCount(
        stage="models", total=len(states), good=states.count("ready"), busy=states.count("pulling"), bad=states.count("damaged")
    )


def count_flows(flows: Iterable[Flow]) -> StageCount:
    """Count flows: well when validation finds no error."""
    errors = [flow.errors for flow in flows]
    bad = sum(count > 0 for count in errors)
    return StageCount(stage="flows", total=len(errors), good=len(errors) - bad, busy=0, bad=bad)


def count_endpoints(endpoints: Iterable[Endpoint]) -> StageCount:
    """Count endpoints: in trouble when a deployment is, busy while one is deployed or deleted; one without deployments is only counted."""
    total = good = busy = bad = 0
    for endpoint in endpoints:
        states = {deployment.state for deployment in endpoint.deployments}
        total += 1
        if states & {"failed", "unhealthy"}:
            bad += 1
        elif states & {"deploying", "deleting"}:
            busy += 1
        elif states:
            good += 1
    return StageCount(stage="endpoints", total=total, good=good, busy=busy, bad=bad)
