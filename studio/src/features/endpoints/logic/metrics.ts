import type { EndpointFigures, EndpointMetrics } from "@/api/types";

/** A figure of an endpoint's requests, as a card and as a chart. */
export interface Metric {
  readonly name: "requests" | "error_rate" | "p50_ms" | "p90_ms" | "p95_ms" | "p99_ms" | "tokens" | "cost";
  readonly label: string;
  readonly unit: "per minute" | "share" | "ms" | "tokens" | "money";
}

export const METRICS: readonly Metric[] = [
  { name: "requests", label: "Requests", unit: "per minute" },
  { name: "error_rate", label: "Errors", unit: "share" },
  { name: "p50_ms", label: "Latency P50", unit: "ms" },
  { name: "p90_ms", label: "Latency P90", unit: "ms" },
  { name: "p95_ms", label: "Latency P95", unit: "ms" },
  { name: "p99_ms", label: "Latency P99", unit: "ms" },
  { name: "tokens", label: "Tokens", unit: "tokens" },
  { name: "cost", label: "Cost", unit: "money" },
];

function tokensOf(row: EndpointFigures): number | null {
  if (typeof row.prompt_tokens !== "number" && typeof row.completion_tokens !== "number") return null;
  return (row.prompt_tokens ?? 0) + (row.completion_tokens ?? 0);
}

/** A row's figure; over time, requests are told a minute. */
export function valueOf(row: EndpointFigures, metric: Metric["name"], overTime = false): number | null {
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
export function seriesOf(metrics: EndpointMetrics, by: "deployment" | "status" | "error", metric: Metric["name"]) {
  const times = [...new Set(metrics.figures.map((row) => row.time ?? ""))].filter((time) => time !== "").sort();
  const names = [...new Set(metrics.figures.map((row) => groupOf(row, by)))];
  const lines = names.map((name) => {
    const rows = metrics.figures.filter((row) => groupOf(row, by) === name);
    const byTime = new Map(rows.map((row) => [row.time ?? "", valueOf(row, metric, true)]));
    return { name, values: times.map((time) => byTime.get(time) ?? null) };
  });
  return { times, lines };
}
