const LOCALE = "en-US";
// Making a formatter takes longer than drawing the cell that it is for.
const formatters = new Map<number, Intl.NumberFormat>();

function formatterOf(digits: number): Intl.NumberFormat {
  const made = formatters.get(digits) ?? new Intl.NumberFormat(LOCALE, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formatters.set(digits, made);
  return made;
}

/** What stands where a figure is not known. */
export const UNKNOWN = "–";

/** A number with thousands separated: 418,220. */
export function formatNumber(value: number, digits = 0): string {
  return formatterOf(digits).format(value);
}

/** A count in short form with its magnitude: 134.5 M. */
export function formatCount(value: number): string {
  const steps: [number, string][] = [[1e9, "B"], [1e6, "M"], [1e4, "k"]];
  for (const [step, unit] of steps) {
    if (value >= step) return `${formatNumber(unit === "k" ? value / 1e3 : value / step, 1).replace(/\.0$/, "")} ${unit}`;
  }
  return formatNumber(value);
}

/** Bytes with decimal units, as disks and package indexes count them: 100.7 MB. */
export function formatBytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${formatNumber(size, unit === 0 || size >= 100 ? 0 : 1)} ${units[unit] ?? "B"}`;
}

function withRest(whole: string, rest: number, unit: string): string {
  return rest === 0 ? whole : `${whole} ${rest} ${unit}`;
}

/** A duration given in milliseconds: 0.42 ms, 38 ms, 1.32 s, 2 min 5 s, 3 h 12 min. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0 ms";
  if (ms < 1) return `${formatNumber(ms, 2)} ms`;
  if (ms < 10) return `${formatNumber(ms, 1)} ms`;
  if (ms < 999.5) return `${formatNumber(ms)} ms`;
  if (ms < 60_000) return `${formatNumber(ms / 1000, ms < 10_000 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return withRest(`${Math.floor(seconds / 60)} min`, seconds % 60, "s");
  return withRest(`${formatNumber(Math.floor(seconds / 3600))} h`, Math.floor((seconds % 3600) / 60), "min");
}

/** An amount of money in micro-units. Small ones keep enough digits to say something; free is said in words. */
export function formatMoney(micros: string, currency: string): string {
  const amount = Number(micros) / 1e6;
  if (amount === 0) return "free";
  const digits = amount >= 1 ? 2 : amount >= 0.01 ? 4 : 6;
  return amount.toLocaleString(LOCALE, { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "short" });

/** How long ago (or ahead) a time is: 3 min. ago. */
export function formatRelative(at: string, now: number): string {
  const seconds = (Date.parse(at) - now) / 1000;
  const size = Math.abs(seconds);
  // The page looks at the clock every ten seconds only: what has just happened is not ahead.
  if (size < 5 || (seconds > 0 && seconds < 15)) return "now";
  if (size < 60) return relative.format(Math.round(seconds), "second");
  if (size < 3600) return relative.format(Math.round(seconds / 60), "minute");
  if (size < 86_400) return relative.format(Math.round(seconds / 3600), "hour");
  if (size < 30 * 86_400) return relative.format(Math.round(seconds / 86_400), "day");
  if (size < 365 * 86_400) return relative.format(Math.round(seconds / (30 * 86_400)), "month");
  return relative.format(Math.round(seconds / (365 * 86_400)), "year");
}

/** The exact time in the reader's zone, with the zone. */
export function formatExact(at: string): string {
  return new Date(at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "long" });
}

/** An identifier in words for reading: `model_pull` and `model.pull` become "Model pull". */
export function formatWords(identifier: string): string {
  const words = identifier.replaceAll(/[._-]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
