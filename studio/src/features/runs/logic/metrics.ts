import { formatNumber } from "@/lib/format";
import { metricText } from "./values";

const BESIDE = /_(?:low|high|count|invalid)$/;

/** The metrics that are none of another: bounds of its interval, and how many rows it rests on, stand with it. */
export function ownMetrics(names: readonly string[]): string[] {
  const known = new Set(names);
  return names.filter((name) => !BESIDE.test(name) || !known.has(name.replace(BESIDE, "")));
}

/** A metric's 95 % interval and the rows it rests on, in words; empty where nothing is known of them. */
export function besideText(name: string, metrics: Readonly<Record<string, unknown>>): string {
  const { [`${name}_low`]: low, [`${name}_high`]: high, [`${name}_count`]: count, [`${name}_invalid`]: invalid } = metrics;
  const parts = [
    typeof low === "number" && typeof high === "number" ? `95 %: ${metricText(low)} to ${metricText(high)}` : "",
    typeof count === "number" ? `${formatNumber(count)} ${count === 1 ? "row" : "rows"}` : "",
    typeof invalid === "number" && invalid > 0 ? `${formatNumber(invalid)} without` : "",
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** The scores that say something of their own: what an evaluator writes of one besides it, the same again or what it took to pass, does not. */
export function ownScores<T extends { readonly name: string }>(scores: readonly T[]): T[] {
  const known = new Set(scores.map(({ name }) => name));
  const judged = (name: string): boolean => known.has(name) && known.has(`${name}_threshold`);
  return scores.filter(({ name }) => !(/_(?:score|threshold)$/.test(name) && judged(name.replace(/_(?:score|threshold)$/, ""))));
}
