import { formatNumber } from "@/lib/format";
import type { MetricParts } from "../model";
import { metricText } from "./values";

/** A metric's 95 % interval and the rows it rests on, in words; empty where nothing is known of them. */
export function besideText(parts: MetricParts | null | undefined, metrics: Readonly<Record<string, unknown>>): string {
  const [low, high, count, invalid] = [parts?.low, parts?.high, parts?.count, parts?.invalid].map((name) => (name ? metrics[name] : undefined));
  const words = [
    typeof low === "number" && typeof high === "number" ? `95 %: ${metricText(low)} to ${metricText(high)}` : "",
    typeof count === "number" ? `${formatNumber(count)} ${count === 1 ? "row" : "rows"}` : "",
    typeof invalid === "number" && invalid > 0 ? `${formatNumber(invalid)} without` : "",
  ];
  return words.filter((word) => word !== "").join(", ");
}
