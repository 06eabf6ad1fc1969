import { formatDuration, formatNumber } from "@/lib/format";
import type { Run, RunCounts } from "../model";

/** How many of a run's rows have ended, and how. */
export interface Done {
  readonly completed: number;
  readonly failed: number;
  readonly done: number;
  /** null: not known yet. */
  readonly total: number | null;
}

export function doneOf(counts: RunCounts | undefined): Done {
  const completed = counts?.completed ?? 0;
  const failed = counts?.failed ?? 0;
  return { completed, failed, done: completed + failed, total: counts?.total ?? null };
}

/** The parts of a progress bar in percent; all that is done fills it while the total is not known. */
export function sharesOf({ completed, failed, done, total }: Done): { readonly completed: number; readonly failed: number } {
  const whole = Math.max(total ?? done, 1);
  return { completed: (completed / whole) * 100, failed: (failed / whole) * 100 };
}

/** "30 of 500 rows", "500 rows", "30 rows" while nobody knows how many there will be. */
export function rowsText({ done, total }: Done): string {
  const noun = (total ?? done) === 1 ? "row" : "rows";
  return total === null || total === done ? `${formatNumber(done)} ${noun}` : `${formatNumber(done)} of ${formatNumber(total)} ${noun}`;
}

/** How fast a run goes and how long it still takes: "1,240 rows/s · 3 min 2 s left"; empty when it stands. */
export function paceText(counts: RunCounts | undefined): string {
  const parts: string[] = [];
  const speed = counts?.rows_per_second;
  if (typeof speed === "number") parts.push(`${formatNumber(speed, speed < 10 ? 1 : 0)} rows/s`);
  if (typeof counts?.seconds_left === "number") parts.push(`${formatDuration(counts.seconds_left * 1000)} left`);
  return parts.join(" · ");
}

/** How long a run has taken, milliseconds; null before it began. */
export function tookMs(run: Pick<Run, "started_at" | "ended_at">, now: number): number | null {
  if (!run.started_at) return null;
  return Math.max(0, (run.ended_at ? Date.parse(run.ended_at) : now) - Date.parse(run.started_at));
}
