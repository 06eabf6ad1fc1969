import { describe, expect, it } from "vitest";
import type { ComparedLine, RunLine } from "../model";
import { certaintyOf, differing, unlikeInputs } from "./comparison";

const ran = (outputs: Record<string, unknown>): RunLine => ({ line: 0, variant: "", status: "completed", inputs: {}, outputs });

describe("a comparison", () => {
  it("marks the outputs that differ from the first side that has the row", () => {
    const line: ComparedLine = { line: 0, inputs: {}, sides: [null, ran({ a: 1, b: [1] }), ran({ a: 2, b: [1] }), ran({ b: [1], c: 0 })] };
    expect(differing(line).map((names) => [...names])).toEqual([[], [], ["a"], ["a", "c"]]);
  });

  it("tells the inputs that sides were not given alike", () => {
    const given = (inputs: Record<string, unknown>): RunLine => ({ ...ran({}), inputs });
    const line: ComparedLine = { line: 0, inputs: {}, sides: [null, given({ q: "x", k: 3 }), given({ q: "x", k: 5 }), given({ q: "x", k: 3, more: [] })] };
    expect([...unlikeInputs(line)]).toEqual(["k", "more"]);
    expect(unlikeInputs({ ...line, sides: [given({ q: 1 }), null] }).size).toBe(0);
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
});
