import { merge3 } from "./lines";

/** What an edit did to one file; null: the file is not there. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** An edit that is undone as one. */
export interface Entry {
  /** What was done, for the reader: "Rename node answer". */
  readonly what: string;
  readonly changes: readonly FileChange[];
  /** When, milliseconds of a clock that only goes forward. */
  readonly at: number;
}

export interface History {
  readonly past: readonly Entry[];
  readonly future: readonly Entry[];
}

export const NO_HISTORY: History = { past: [], future: [] };

const MOST_ENTRIES = 200;
/** Typing that goes on within this time is undone as one. */
const TYPING_MS = 1000;

function goesOn(last: Entry | undefined, next: Entry): boolean {
  const [one, ...more] = next.changes;
  const [before, ...others] = last?.changes ?? [];
  return !!last && !!one && !!before && more.length + others.length === 0 && last.what === next.what && one.path === before.path && before.after === one.before && next.at - last.at < TYPING_MS;
}

/** The history after an edit. `typed`: it may go on with the one before. */
export function remember(history: History, entry: Entry, typed: boolean): History {
  const last = history.past.at(-1);
  if (typed && goesOn(last, entry) && last) {
    const joined = { ...entry, changes: entry.changes.map((change, index) => ({ ...change, before: (last.changes[index] ?? change).before })) };
    return { past: [...history.past.slice(0, -1), joined], future: [] };
  }
  return { past: [...history.past, entry].slice(-MOST_ENTRIES), future: [] };
}

/** A change the other way round. */
export function turned(change: FileChange): FileChange {
  return { path: change.path, before: change.after, after: change.before };
}

/**
 * The text after `change` was made to `now`, which may have been changed by others since: their lines stay. Undefined when they changed
 * the same lines, so that the change cannot be made any more.
 */
export function changed(now: string | null, change: FileChange): string | null | undefined {
  if (now === change.before) return change.after;
  if (now === null || change.before === null || change.after === null) return undefined;
  const merged = merge3(change.before, now, change.after);
  return merged.clashes === 0 ? merged.text : undefined;
}
