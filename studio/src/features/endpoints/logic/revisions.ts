import { stringify } from "yaml";
import type { Revision } from "@/api/types";

function kept(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value)
    .map(([name, each]): [string, unknown] => [name, kept(each)])
    .filter(([, each]) => each !== null && each !== undefined && !(typeof each === "object" && !Array.isArray(each) && Object.keys(each).length === 0));
  return Object.fromEntries(entries);
}

const SHOWN_DIGEST = 12;

/** All that a revision was made of, as YAML to lay beside another's; what is not set is left out. */
export function revisionText(revision: Revision): string {
  const { flow, digest, model, script, instance_count, environment_variables, init, settings } = revision;
  const scale = settings?.scale?.type === "target_utilization" ? settings.scale : null;
  return stringify(kept({ flow, model, script, snapshot: digest?.slice(0, SHOWN_DIGEST), instance_count, environment_variables, init, settings: { ...settings, scale } }), { lineWidth: 0 });
}

/** In how many lines two texts differ, as a person would count: added and removed ones. */
export function changedLines(before: string, after: string): number {
  const had = before.split("\n");
  const has = after.split("\n");
  return had.filter((line) => !has.includes(line)).length + has.filter((line) => !had.includes(line)).length;
}
