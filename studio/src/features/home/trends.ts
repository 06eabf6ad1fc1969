import type { Run } from "@/api/types";

/** What one run measured. */
export interface Measured {
  readonly run: string;
  readonly at: string;
  readonly value: number;
}

/** A metric of a flow's runs, the oldest first. */
export interface Metric {
  readonly key: string;
  readonly name: string;
  readonly flow: string;
  readonly points: readonly Measured[];
}

const MOST_POINTS = 30;

/** The metrics that runs measured, without those that say more of another, by flow: those with the most runs first, then those measured last. Runs with variants have one for each, so none here. */
export function metricsOf(runs: readonly Pick<Run, "name" | "flow" | "created_at" | "metrics" | "metric_parts">[]): Metric[] {
  const found = new Map<string, { name: string; flow: string; points: Measured[] }>();
  const oldestFirst = [...runs].sort((one, other) => Date.parse(one.created_at) - Date.parse(other.created_at));
  for (const run of oldestFirst) {
    for (const name of Object.keys(run.metric_parts ?? {})) {
      const value = run.metrics?.[name];
      if (typeof value !== "number" || !Number.isFinite(value)) continue;
      const key = `${run.flow}/${name}`;
      const metric = found.get(key) ?? { name, flow: run.flow, points: [] };
      metric.points.push({ run: run.name, at: run.created_at, value });
      found.set(key, metric);
    }
  }
  const last = (points: readonly Measured[]) => Date.parse(points.at(-1)?.at ?? "");
  return [...found]
    .map(([key, metric]) => ({ key, ...metric, points: metric.points.slice(-MOST_POINTS) }))
    .sort((one, other) => other.points.length - one.points.length || last(other.points) - last(one.points));
}

/** A metric's value, with as many digits as say something. */
export function metricWords(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4 }).replace("-", "−");
}

/** A difference with its sign. */
export function differenceWords(value: number): string {
  return value === 0 ? "±0" : `${value > 0 ? "+" : "−"}${metricWords(Math.abs(value))}`;
}

const SIZES = { hour: 3_600_000, day: 86_400_000 } as const;

/** The hour or day of a series that is nearest to a time (milliseconds since 1970), as an interval; null where the series is empty. */
export function bucketAt(times: readonly string[], at: number, grain: keyof typeof SIZES): string | null {
  const nearest = times.map((time) => Date.parse(time)).sort((one, other) => Math.abs(one - at) - Math.abs(other - at))[0];
  if (nearest === undefined) return null;
  return [nearest, nearest + SIZES[grain]].map((end) => new Date(end).toISOString()).join("/");
}
