import type { ScaleSettings } from "@/api/types";

/** How many replicas, as somebody types it: a number, or bounds and what keeps them within. Empty: not said yet. */
export interface ScaleDraft {
  readonly kind: "default" | "target_utilization";
  readonly count: number | string;
  readonly least: number | string;
  readonly most: number | string;
  readonly busy: number | string;
  readonly p95: number | string;
}

export const ONE_REPLICA: ScaleDraft = { kind: "default", count: 1, least: 1, most: 2, busy: 70, p95: "" };

/** The draft of what is set. */
export function scaleDraft(count: number, scale: ScaleSettings | undefined): ScaleDraft {
  return {
    kind: scale?.type ?? "default",
    count,
    least: scale?.min_instances ?? 1,
    most: Math.max(scale?.max_instances ?? 1, 2),
    busy: scale?.target_utilization_percentage ?? 70,
    p95: scale?.target_p95_ms ?? "",
  };
}

/** How many replicas there are to begin with, and how they are scaled; null while a number is missing, or the bounds cross. */
export function readScale({ kind, count, least, most, busy, p95 }: ScaleDraft): { readonly count: number; readonly scale: ScaleSettings } | null {
  if (kind === "default") return typeof count === "number" ? { count, scale: { type: "default" } } : null;
  if (typeof least !== "number" || typeof most !== "number" || typeof busy !== "number" || least > most) return null;
  const target = { target_utilization_percentage: busy, target_p95_ms: typeof p95 === "number" ? p95 : null };
  return { count: least, scale: { type: "target_utilization", min_instances: least, max_instances: most, ...target } };
}

/** The draft in words: “2 replicas”, “1 to 4 replicas”. */
export function scaleWords({ kind, count, least, most }: ScaleDraft): string {
  if (kind === "target_utilization") return `${least} to ${most} replicas`;
  return count === 1 ? "one replica" : `${count} replicas`;
}
