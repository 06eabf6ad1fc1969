import type { Endpoint } from "@/api/types";
import { StatusBadge, type Tone } from "@/ui/StatusBadge";
import { type EndpointHealth, healthOf } from "../logic/state";

const LOOKS: Readonly<Record<EndpointHealth, { readonly label: string; readonly tone: Tone }>> = {
  empty: { label: "No deployment", tone: "idle" },
  deploying: { label: "Deploying", tone: "busy" },
  healthy: { label: "Healthy", tone: "good" },
  degraded: { label: "Degraded", tone: "warn" },
  unhealthy: { label: "Unhealthy", tone: "bad" },
  failed: { label: "Failed", tone: "bad" },
  "no-traffic": { label: "No traffic", tone: "idle" },
};

/** How an endpoint is, in a word. */
export function EndpointState({ endpoint, bare = false }: { readonly endpoint: Endpoint; readonly bare?: boolean }) {
  const health = healthOf(endpoint);
  const { label, tone } = LOOKS[health];
  return <StatusBadge status={health} label={label} tone={tone} bare={bare} />;
}
