import { formatDuration } from "@/lib/format";
import type { Money, Trace } from "../model";

/** A pause that is worth a word: shorter ones are somebody reading and typing. */
const PAUSE_MS = 2 * 60_000;

/** The turns of a conversation, the oldest first; lists of traces come the newest first. */
export function inOrder(newestFirst: readonly Trace[]): readonly Trace[] {
  return [...newestFirst].reverse();
}

/** How long nobody said anything before this turn; null where it was not long. */
export function pauseBefore(trace: Trace, before: Trace | undefined): string | null {
  if (before === undefined) return null;
  const pause = Date.parse(trace.started_at) - Date.parse(before.started_at) - before.duration_ms;
  return pause >= PAUSE_MS ? formatDuration(pause) : null;
}

/** Whether only the beginning of what went in or came out is in the list. */
export function isCut(trace: Trace): boolean {
  return [trace.input_preview, trace.output_preview].some((text) => text?.endsWith("…"));
}

/** What the turns cost together; null where a price is not known, or nothing was paid for, or in more than one currency. */
export function costOf(rows: readonly Trace[]): Money | null {
  const paid = rows.flatMap((trace) => (trace.models.length === 0 ? [] : [trace.cost ?? null]));
  const [first] = paid;
  if (!first || paid.some((cost) => cost?.currency !== first.currency)) return null;
  return { micros: String(paid.reduce((sum, cost) => sum + Number(cost?.micros ?? 0), 0)), currency: first.currency };
}
