export interface TimeRange {
  readonly value: string;
  readonly label: string;
}

const MINUTES: Readonly<Record<string, number>> = { "15m": 15, "1h": 60, "24h": 1440, "7d": 10_080, "30d": 43_200 };

/** The time ranges a list can be narrowed down to, back from now. */
export const TIME_RANGES: readonly TimeRange[] = [
  { value: "15m", label: "Last 15 minutes" },
  { value: "1h", label: "Last hour" },
  { value: "24h", label: "Last 24 hours" },
  { value: "7d", label: "Last 7 days" },
  { value: "30d", label: "Last 30 days" },
];

/** The beginning of a range in RFC 3339; null for all time and for ranges that are not known. */
export function sinceOf(range: string, now: number): string | null {
  const minutes = Object.hasOwn(MINUTES, range) ? MINUTES[range] : undefined;
  return minutes === undefined ? null : new Date(now - minutes * 60_000).toISOString();
}
