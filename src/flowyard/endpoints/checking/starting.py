"""Whether a flow or model will come up, as far as that is known before it is tried."""

from collections.abc import Iterable, Iterator

from flowyard.catalog.service import Catalog
from flowyard.wire.deployment_checks import DeploymentCheck
from flowyard.wire.flows import FlowGraph

_LOCAL = "local"


def start_checks(graph: FlowGraph, connections: Iterable[str], catalog: Catalog) -> Iterator[DeploymentCheck]:
    """Yield what a flow's findings, the connections that its nodes name, and its local models say."""
    yield _findings(graph)
    named = [node.connection for node in graph.nodes if node.connection and node.connection != _LOCAL and "$" not in node.connection]
    used, known = list(dict.fromkeys(named)), set(connections)
    missing = [name for name in used if name not in known]
    if missing:
        remedy = "Make them under Connections; the deployment would answer with an error."
        yield DeploymentCheck(name="connections", outcome="bad", says=f"Connections are missing: {', '.join(missing)}.", remedy=remedy)
    elif used:
        yield DeploymentCheck(name="connections", outcome="good", says=f"Its connections are there: {', '.join(used)}.")
    models = [node.model for node in graph.nodes if node.connection == _LOCAL and node.model]
    yield from model_checks(dict.fromkeys(models), catalog)


def model_checks(names: Iterable[str], catalog: Catalog) -> Iterator[DeploymentCheck]:
    """Yield whether models of the catalog are on this machine."""
    states = {model.name: model.state for model in catalog.list()}
    for name in names:
        state = states.get(name)
        if state is None:
            says, remedy = f"The catalog has no model {name}.", "Choose one of the Models page."
            yield DeploymentCheck(name="models", outcome="bad", says=says, remedy=remedy)
        elif state != "ready":
            says, remedy = f"The model {name} is not on this machine yet.", f"Pull it first: flowyard model pull {name}"
            yield DeploymentCheck(name="models", outcome="bad", says=says, remedy=remedy)
        else:
            yield DeploymentCheck(name="models", outcome="good", says=f"The model {name} is on this machine.")


def _findings(graph: FlowGraph) -> DeploymentCheck:
    errors = [finding for finding in graph.findings if finding.severity == "error"]
    if errors:
        more = f" And {len(errors) - 1} more." if len(errors) > 1 else ""
        remedy = errors[0].remedy or "Mend them under the flow's Findings."
        return DeploymentCheck(name="validation", outcome="bad", says=f"The flow has errors: {errors[0].message}{more}", remedy=remedy)
    count = len(graph.findings)
    if count:
        says = f"The flow has no errors, and {'a warning' if count == 1 else f'{count} warnings'}."
        return DeploymentCheck(name="validation", outcome="warn", says=says, remedy="See the flow's Findings.")
    return DeploymentCheck(name="validation", outcome="good", says="The flow has no errors.")
