import { formatNumber } from "@/lib/format";

/** A value of a row in one line. */
export function cellText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A figure of a column: few digits, none too many; texts as they are. */
export function figure(value: unknown): string {
  if (typeof value !== "number") return cellText(value);
  if (Number.isInteger(value)) return formatNumber(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e9)) return value.toExponential(2);
  return formatNumber(value, size >= 100 ? 1 : size >= 1 ? 2 : 4);
}

/** A share in percent that is never 0 or 100 unless it is. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0 %";
  const percent = (part / whole) * 100;
  if (percent < 0.1) return "< 0.1 %";
  if (percent > 99.9 && part < whole) return "> 99.9 %";
  return `${formatNumber(percent, percent < 10 && percent % 1 !== 0 ? 1 : 0)} %`;
}
