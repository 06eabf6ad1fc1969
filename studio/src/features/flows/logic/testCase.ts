import type { ChatShape, ChatTurn } from "./chat";

type Row = Readonly<Record<string, unknown>>;

/** The column of the answer that is expected, as evaluators call it. */
export const EXPECTED = "ground_truth";

/** A turn as a row of data: the flow's inputs, the history where there is one, and the answer that is expected. */
export function testCaseOf(turn: ChatTurn, shape: ChatShape, expected: string): Row {
  const inputs = Object.entries(turn.inputs).filter(([name, value]) => name !== shape.history || (Array.isArray(value) && value.length > 0));
  return { ...Object.fromEntries(inputs), [EXPECTED]: expected };
}

/** Rows as JSON Lines. */
export function jsonLines(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
