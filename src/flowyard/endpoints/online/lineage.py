"""What a deployment was made of, for its lineage."""

from collections.abc import Sequence

from flowyard.data.lineage.model import EdgeRecord, Made, Thing, edges_to
from flowyard.endpoints.online.model import DeploymentPlan, DeploymentRecord


def deployment_edges(
    deployment: DeploymentRecord, revision: int, plan: DeploymentPlan, by: str, made_of: Sequence[Thing] = ()
) -> tuple[EdgeRecord, ...]:
    """Return the edges from a revision's flow, script or model and from `made_of` to the deployment, and from that to its endpoint."""
    workspace_id, thing = deployment.workspace_id, Thing("deployment", deployment.endpoint, deployment.name)
    source = Thing("model", plan.model) if plan.model else Thing("flow", plan.flow or plan.script or deployment.name, plan.digest or "")
    carried_out = f"job/{deployment.job_id}" if deployment.job_id else None
    made = Made(activity="deployment", sources=(source, *made_of), by=carried_out, parameters={"revision": revision}, code=plan.digest)
    serves = Made(activity="deployment", sources=(thing,), by=carried_out)
    return *edges_to(workspace_id, by, thing, made), *edges_to(workspace_id, by, Thing("endpoint", deployment.endpoint), serves)
