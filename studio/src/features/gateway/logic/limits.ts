import type { Limits, LimitUse } from "@/api/types";

/** One bound, and what was used of it in the present minute, day or month. */
export interface Bound {
  readonly name: "requests_per_minute" | "tokens_per_minute" | "dollars_per_day" | "dollars_per_month";
  readonly label: string;
  readonly used: (use: LimitUse) => number;
  readonly money: boolean;
}

export const BOUNDS: readonly Bound[] = [
  { name: "requests_per_minute", label: "Requests a minute", used: (use) => use.requests_this_minute ?? 0, money: false },
  { name: "tokens_per_minute", label: "Tokens a minute", used: (use) => use.tokens_this_minute ?? 0, money: false },
  { name: "dollars_per_day", label: "Dollars a day", used: (use) => use.dollars_today ?? 0, money: true },
  { name: "dollars_per_month", label: "Dollars a month", used: (use) => use.dollars_this_month ?? 0, money: true },
];

/** Whether there is a bound at all. */
export function isBounded(limits: Limits): boolean {
  return BOUNDS.some(({ name }) => typeof limits[name] === "number");
}

/** How much of a bound is used, 0 to 1; null where there is none. */
export function shareUsed(bound: Bound, limits: Limits, use: LimitUse): number | null {
  const most = limits[bound.name];
  if (typeof most !== "number") return null;
  return most === 0 ? 1 : Math.min(1, bound.used(use) / most);
}

const NEAR = 0.8;

/** How near a bound is: good, near, or reached. */
export function nearness(share: number): "good" | "warn" | "bad" {
  if (share >= 1) return "bad";
  return share >= NEAR ? "warn" : "good";
}
