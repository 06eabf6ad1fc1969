import type { DeploymentUsage, EndpointFigures, EndpointMetrics } from "@/api/types";

/** A figure of an endpoint's requests, as a card and as a chart. */
export interface RequestMetric {
  readonly of: "requests";
  readonly name: "requests" | "error_rate" | "p50_ms" | "p90_ms" | "p95_ms" | "p99_ms" | "tokens" | "cost";
  readonly label: string;
  readonly unit: "per minute" | "share" | "ms" | "tokens" | "money";
}

/** A figure of what an endpoint's replicas use: told by deployment alone. */
export interface UsageMetric {
  readonly of: "replicas";
  readonly name: "cpu_cores" | "memory_bytes";
  readonly label: string;
  readonly unit: "processors" | "bytes";
}

export type Metric = RequestMetric | UsageMetric;

export const REQUEST_METRICS: readonly RequestMetric[] = [
  { of: "requests", name: "requests", label: "Requests", unit: "per minute" },
  { of: "requests", name: "error_rate", label: "Errors", unit: "share" },
  { of: "requests", name: "p50_ms", label: "Latency P50", unit: "ms" },
  { of: "requests", name: "p90_ms", label: "Latency P90", unit: "ms" },
  { of: "requests", name: "p95_ms", label: "Latency P95", unit: "ms" },
  { of: "requests", name: "p99_ms", label: "Latency P99", unit: "ms" },
  { of: "requests", name: "tokens", label: "Tokens", unit: "tokens" },
  { of: "requests", name: "cost", label: "Cost", unit: "money" },
];

export const USAGE_METRICS: readonly UsageMetric[] = [
  { of: "replicas", name: "cpu_cores", label: "Processors", unit: "processors" },
  { of: "replicas", name: "memory_bytes", label: "Memory", unit: "bytes" },
];

function tokensOf(row: EndpointFigures): number | null {
  if (typeof row.prompt_tokens !== "number" && typeof row.completion_tokens !== "number") return null;
  return (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0);
}

/** A row's figure; over time, requests are told a minute. */
export function valueOf(row: EndpointFigures, metric: RequestMetric["name"], overTime = false): number | null {
  switch (metric) {
    case "requests":
      return overTime ? row.per_minute : row.requests;
    case "error_rate":
      return row.requests === 0 ? null : row.error_rate;
    case "tokens":
      return tokensOf(row);
    case "cost":
      return typeof row.cost_micros === "string" ? Number(row.cost_micros) : null;
    default:
      return row[metric] ?? null;
  }
}

/** The split of a row: its deployment, status or kind of error. */
export function groupOf(row: EndpointFigures, by: "deployment" | "status" | "error"): string {
  return row[by] ?? (by === "error" ? "no error" : "none");
}

/** One line a group, a value for each time. */
export function seriesOf(metrics: EndpointMetrics, by: "deployment" | "status" | "error", metric: RequestMetric["name"]) {
  const times = [...new Set(metrics.figures.map((row) => row.time ?? ""))].filter((time) => time !== "").sort();
  const names = [...new Set(metrics.figures.map((row) => groupOf(row, by)))];
  const lines = names.map((name) => {
    const rows = metrics.figures.filter((row) => groupOf(row, by) === name);
    const byTime = new Map(rows.map((row) => [row.time ?? "", valueOf(row, metric, true)]));
    return { name, values: times.map((time) => byTime.get(time) ?? null) };
  });
  return { times, lines };
}

/** What all deployments use together; null where nothing is known of the period. */
export function usedInAll(usage: readonly DeploymentUsage[], metric: UsageMetric["name"]): number | null {
  return usage.length === 0 ? null : usage.reduce((sum, row) => sum + row[metric], 0);
}

/** As `seriesOf`, of what replicas use: a bucket without a replica has no value, so that a line breaks there. */
export function usageSeriesOf(usage: readonly DeploymentUsage[], metric: UsageMetric["name"]) {
  const known = [...new Set(usage.map((row) => Date.parse(row.time ?? "")))].sort((one, other) => one - other);
  const step = Math.min(...known.slice(1).map((time, index) => time - (known[index] ?? time)));
  const times: number[] = [];
  for (let time = Math.min(...known); time <= Math.max(...known); time += step) times.push(time);
  const lines = [...new Set(usage.map((row) => row.deployment))].map((name) => {
    const byTime = new Map(usage.filter((row) => row.deployment === name).map((row) => [Date.parse(row.time ?? ""), row[metric]]));
    return { name, values: times.map((time) => byTime.get(time) ?? null) };
  });
  return { times, lines };
}
