import type { Deployment, Endpoint } from "@/api/types";

/** How an endpoint is, from how its deployments are and which of them get traffic. */
export type EndpointHealth = "empty" | "deploying" | "healthy" | "degraded" | "unhealthy" | "failed" | "no-traffic";

function getsTraffic(endpoint: Pick<Endpoint, "traffic">, deployment: Pick<Deployment, "name">): boolean {
  return (endpoint.traffic[deployment.name] ?? 0) > 0;
}

export function healthOf(endpoint: Pick<Endpoint, "traffic" | "deployments">): EndpointHealth {
  const { deployments } = endpoint;
  if (deployments.length === 0) return "empty";
  const serving = deployments.filter((deployment) => getsTraffic(endpoint, deployment));
  if (serving.length === 0) {
    if (deployments.some(({ state }) => state === "deploying")) return "deploying";
    return deployments.every(({ state }) => state === "failed") ? "failed" : "no-traffic";
  }
  const healthy = serving.filter(({ state }) => state === "healthy").length;
  if (healthy === serving.length) return "healthy";
  if (healthy > 0) return "degraded";
  return serving.some(({ state }) => state === "deploying") ? "deploying" : "unhealthy";
}

/** What a deployment serves, as a reference: `flow/<name>`, `model/<name>` or `script/<file>`. */
export function sourceOf(deployment: Pick<Deployment, "flow" | "model" | "script">): string {
  if (deployment.script) return `script/${deployment.script}`;
  if (deployment.model) return `model/${deployment.model}`;
  return deployment.flow ? `flow/${deployment.flow}` : "uploaded snapshot";
}

/** What an endpoint serves: the sources of its deployments, each once. */
export function servedBy(endpoint: Pick<Endpoint, "deployments">): string {
  return [...new Set(endpoint.deployments.map(sourceOf))].join(", ");
}

/** The model that an endpoint serves by OpenAI's protocol; null when it serves flows. */
export function servedModel(endpoint: Pick<Endpoint, "traffic" | "deployments">): string | null {
  const serving = endpoint.deployments.find((deployment) => deployment.model && getsTraffic(endpoint, deployment));
  const any = endpoint.deployments.find((deployment) => deployment.model);
  return (serving ?? (endpoint.deployments.every((deployment) => deployment.model) ? any : undefined))?.model ?? null;
}

/** A replica's name for people: the last part of its full name, after the deployment it belongs to. */
export function replicaLabel(endpoint: Pick<Endpoint, "deployments">, name: string): string {
  const short = name.split("/").at(-1) ?? name;
  const owner = endpoint.deployments.find((deployment) => deployment.replicas.some((replica) => replica.name === name));
  return owner ? `${owner.name} ${short}` : short;
}
