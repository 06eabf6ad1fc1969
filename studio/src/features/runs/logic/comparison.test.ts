import { describe, expect, it } from "vitest";
import type { ComparedLine, ComparedSide, RunLine } from "../model";
import { certaintyOf, differing, verdictOf } from "./comparison";

const side = (label: string): ComparedSide => ({
  label,
  run: label,
  variant: "",
  status: "completed",
  completed: 30,
  failed: 0,
  prompt_tokens: 0,
  completion_tokens: 0,
  cost: null,
  mean_duration_ms: 1,
});
const ran = (outputs: Record<string, unknown>): RunLine => ({ line: 0, variant: "", status: "completed", inputs: {}, outputs });

describe("a comparison", () => {
  it("marks the outputs that differ from the first side that has the row", () => {
    const line: ComparedLine = { line: 0, inputs: {}, sides: [null, ran({ a: 1, b: [1] }), ran({ a: 2, b: [1] }), ran({ b: [1], c: 0 })] };
    expect(differing(line).map((names) => [...names])).toEqual([[], [], ["a"], ["a", "c"]]);
  });

  it.each([
    [{ difference: 0.5, low: 0.1, high: 0.9 }, "higher"],
    [{ difference: -0.5, low: -0.9, high: -0.1 }, "lower"],
    [{ difference: 0.1, low: -0.2, high: 0.4 }, "open"],
    [{ difference: 0, low: 0, high: 0 }, "same"],
    [{ value: "text" }, null],
  ])("reads the interval of %o", (value, expected) => {
    expect(certaintyOf(value)).toBe(expected);
  });

  it("says in sentences what differs, the certain first", () => {
    const scores = [
      { name: "length", values: [{ value: 3, n: 30 }, { value: 3.1, difference: 0.1, low: -0.2, high: 0.4, n: 30, rows_needed: 1234 }] },
      { name: "words", values: [{ value: 3, n: 30 }, { value: 2, difference: -1, low: -1.5, high: -0.5, n: 30 }] },
    ];
    expect(verdictOf([side("a"), side("b")], scores, 12, 30)).toEqual([
      "Outputs differ on 12 of 30 rows (40 %).",
      "words is 1 lower in b than in a (95 % interval −1.5 to −0.5, 30 rows).",
      "length: 30 rows cannot tell b from a (difference 0.1, 95 % interval −0.2 to 0.4). About 1,200 rows would be needed to show a difference as large as this.",
    ]);
    expect(verdictOf([side("a"), side("b")], [], 0, 1)).toEqual(["The outputs are the same on 1 row."]);
    expect(verdictOf([side("a")], scores, 0, 30)).toEqual([]);
  });
});
