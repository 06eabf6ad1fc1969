import { formatNumber } from "@/lib/format";
import { type Part, partOf, type QuestionRow, withPart } from "./questionRows";

/** A question set as it is changed: nothing is kept before it is saved, and each change can be taken back. */
export interface QuestionDraft {
  readonly saved: readonly QuestionRow[];
  readonly rows: readonly QuestionRow[];
  /** The rows before each change, the last one at the end. */
  readonly past: readonly (readonly QuestionRow[])[];
}

export type QuestionChange =
  | { readonly do: "edit"; readonly id: string; readonly part: Part; readonly text: string }
  | { readonly do: "remove"; readonly ids: ReadonlySet<string> }
  | { readonly do: "add"; readonly row: QuestionRow }
  | { readonly do: "undo" }
  | { readonly do: "discard" };

export function draftOf(saved: readonly QuestionRow[]): QuestionDraft {
  return { saved, rows: saved, past: [] };
}

function changed(draft: QuestionDraft, rows: readonly QuestionRow[]): QuestionDraft {
  return { ...draft, rows, past: [...draft.past, draft.rows] };
}

export function changeDraft(draft: QuestionDraft, change: QuestionChange): QuestionDraft {
  switch (change.do) {
    case "edit": {
      const before = draft.rows.find(({ id }) => id === change.id);
      if (before === undefined || partOf(before, change.part) === change.text) return draft;
      return changed(draft, draft.rows.map((row) => (row.id === change.id ? withPart(row, change.part, change.text) : row)));
    }
    case "remove": {
      const left = draft.rows.filter(({ id }) => !change.ids.has(id));
      return left.length === draft.rows.length ? draft : changed(draft, left);
    }
    case "add":
      return changed(draft, [change.row, ...draft.rows]);
    case "undo": {
      const before = draft.past.at(-1);
      return before === undefined ? draft : { ...draft, rows: before, past: draft.past.slice(0, -1) };
    }
    case "discard":
      return draftOf(draft.saved);
  }
}

/** What is not saved, in words; empty for nothing. */
export function tellChanges({ saved, rows }: QuestionDraft): string {
  const before = new Map(saved.map((row) => [row.id, row]));
  const added = rows.filter(({ id }) => !before.has(id)).length;
  const edited = rows.filter((row) => before.has(row.id) && before.get(row.id) !== row).length;
  const removed = saved.length - (rows.length - added);
  const parts: readonly (readonly [number, string])[] = [
    [edited, "changed"],
    [added, "added"],
    [removed, "deleted"],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${formatNumber(count)} ${what}`)
    .join(", ");
}
