import type { ChatShape, ChatTurn } from "./chat";

type Row = Readonly<Record<string, unknown>>;

/** The column of the answer that is expected, as evaluators call it. */
export const EXPECTED = "ground_truth";

/** A turn as a row of data: the flow's inputs, the history where there is one, and the answer that is expected. */
export function testCaseOf(turn: ChatTurn, shape: ChatShape, expected: string): Row {
  const inputs = Object.entries(turn.inputs).filter(([name, value]) => name !== shape.history || (Array.isArray(value) && value.length > 0));
  return { ...Object.fromEntries(inputs), [EXPECTED]: expected };
}

/** JSON Lines with one row more; the others stay as they are written. */
export function withCase(lines: string, row: Row): string {
  const end = lines === "" || lines.endsWith("\n") ? "" : "\n";
  return `${lines}${end}${JSON.stringify(row)}\n`;
}
