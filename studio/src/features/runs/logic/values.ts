import { formatNumber } from "@/lib/format";

const LONGEST = 300;

/** A value of any kind in one line, for a cell of a table. */
export function cellText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) as string | undefined);
  const line = (text ?? "").replaceAll(/\s+/g, " ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** A metric's value: numbers with up to four digits after the point, everything else as it is. */
export function metricText(value: unknown): string {
  if (typeof value !== "number") return value === undefined || value === null ? "–" : cellText(value);
  if (!Number.isFinite(value)) return String(value);
  if (value < 0) return `−${metricText(-value)}`;
  if (Number.isInteger(value)) return formatNumber(value);
  if (value < 0.0001) return value.toExponential(2);
  return formatNumber(value, 4).replace(/\.?0+$/, "");
}

/** A difference with its sign: +0.0312, −0.5, ±0. */
export function signedText(value: number): string {
  if (value === 0) return "±0";
  return `${value > 0 ? "+" : "−"}${metricText(Math.abs(value))}`;
}

/** The names that occur in any of these records, in the order in which they first do. */
export function namesOf(records: readonly (Readonly<Record<string, unknown>> | null | undefined)[]): string[] {
  return [...new Set(records.flatMap((record) => Object.keys(record ?? {})))];
}
