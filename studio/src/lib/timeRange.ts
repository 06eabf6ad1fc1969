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

/** A time between two others, as it stands in an address: an interval of ISO 8601, `2026-11-27T00:00:00Z/2026-11-28T00:00:00Z`. */
export function intervalOf(range: string): { readonly since: string; readonly until: string } | null {
  const [since, until, ...more] = range.split("/");
  if (since === undefined || until === undefined || more.length > 0) return null;
  return Number.isNaN(Date.parse(since)) || Number.isNaN(Date.parse(until)) ? null : { since, until };
}

const DAY_MS = 86_400_000;

/** What an interval is called: its day, or its day and hours where it is shorter. */
export function intervalWords({ since, until }: { readonly since: string; readonly until: string }): string {
  const [from, to] = [new Date(since), new Date(until)];
  const day = from.toLocaleDateString("en-US", { day: "numeric", month: "short" });
  if (to.getTime() - from.getTime() >= DAY_MS) return day;
  const hour = (at: Date) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  return `${day}, ${hour(from)}–${hour(to)}`;
}
