import type { DeploymentEvaluation, Gate } from "@/api/types";
import { formatNumber } from "@/lib/format";

/** A gate as it is written: a metric, and the value that it must not be below or above. */
export interface GateDraft {
  readonly metric: string;
  readonly sign: ">=" | "<=";
  readonly bound: number | string;
}

/** The gates that say something; unfinished ones are left out. */
export function readGates(drafts: readonly GateDraft[]): readonly Gate[] {
  return drafts.flatMap(({ metric, sign, bound }): Gate[] =>
    metric === "" || typeof bound !== "number" ? [] : [sign === ">=" ? { metric, at_least: bound } : { metric, at_most: bound }],
  );
}

/** A gate in words, as the command line has it: `f1_score >= 0.8`. */
export function gateWords({ metric, at_least: least, at_most: most }: Gate): string {
  const bounds = [
    [">=", least],
    ["<=", most],
  ] as const;
  return bounds.flatMap(([sign, bound]) => (typeof bound === "number" ? [`${metric} ${sign} ${bound}`] : [])).join(" and ");
}

/** A metric with its 95 % interval, where the evaluation has one. */
export interface Measured {
  readonly name: string;
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
}

/** The metrics of an evaluation that are worth a look; bounds of an interval stand with their metric. */
export function measuredOf({ metrics = {}, metric_parts: parts = {} }: Pick<DeploymentEvaluation, "metrics" | "metric_parts">): readonly Measured[] {
  return Object.entries(parts).flatMap(([name, more]): Measured[] => {
    const [value, low, high] = [name, more.low, more.high].map((one) => (one ? metrics[one] : undefined));
    if (value === undefined) return [];
    return [{ name, value, ...(low !== undefined && high !== undefined && { low, high }) }];
  });
}

/** What can be chosen to be held to gates: each evaluation by itself, and a run with all that it has where that is more than one. */
export function evaluationChoices(all: readonly DeploymentEvaluation[]): readonly { readonly value: string; readonly label: string }[] {
  const rows = (count: number) => `${formatNumber(count)} ${count === 1 ? "row" : "rows"}`;
  return all.flatMap(({ run, rows: count, evaluations = [] }) => [
    ...(evaluations.length === 1 ? [] : [{ value: run, label: `${run}, ${evaluations.length === 0 ? "its own metrics" : `all ${String(evaluations.length)} evaluations`}, ${rows(count)}` }]),
    ...evaluations.map((name) => ({ value: name, label: `${name}, of ${run}, ${rows(count)}` })),
  ]);
}
