import type { Role } from "@/api/types";

/** What each role may do, in a sentence. */
export const ROLES: Record<Role, string> = {
  owner: "Everything, people and keys included",
  contributor: "Makes and changes flows, endpoints, connections; pulls models",
  reader: "Sees everything but secrets, changes nothing",
  invoker: "Calls models and endpoints, nothing else",
  monitor: "Reads /metrics, nothing else; for Prometheus",
};

export const ROLE_OPTIONS = (Object.keys(ROLES) as Role[]).map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }));

/** Reads a select's value as a role. */
export function asRole(value: string | null): Role | undefined {
  return value !== null && value in ROLES ? (value as Role) : undefined;
}
