import { expect, test } from "vitest";
import type { LogAnswer } from "@/api/types";
import { chosenDrawing, csvOf, drawingOf, linesOf, roleOf } from "./answer";

const ANSWER: LogAnswer = {
  columns: [
    { name: "hour", type: "TIMESTAMP" },
    { name: "model", type: "VARCHAR" },
    { name: "calls", type: "BIGINT" },
  ],
  rows: [
    ["2026-11-26T00:00:00", "m", 1],
    ["2026-11-26T01:00:00", null, "2"],
    ["2026-11-26T01:00:00", "m", null],
  ],
  truncated: false,
  elapsed_ms: 1,
  warnings: [],
};

test.each([
  ["TIMESTAMP WITH TIME ZONE", "time"],
  ["DATE", "time"],
  ["DECIMAL(18,3)", "number"],
  ["HUGEINT", "number"],
  ["VARCHAR", "text"],
  ["JSON", "text"],
])("%s is a %s", (type, role) => {
  expect(roleOf(type)).toBe(role);
});

test("times with groups become a line a group", () => {
  const drawing = drawingOf(ANSWER);
  expect(drawing).toEqual({ x: 0, time: true, group: 1, ys: [2] });
  expect(drawing && linesOf(ANSWER, drawing)).toEqual([
    { name: "m", points: [["2026-11-26T00:00:00", 1], ["2026-11-26T01:00:00", 0]] },
    { name: "(none)", points: [["2026-11-26T00:00:00", 0], ["2026-11-26T01:00:00", 2]] },
  ]);
});

test("nothing is drawn where there is nothing to draw", () => {
  expect(drawingOf({ ...ANSWER, rows: [] })).toBeNull();
  expect(drawingOf({ ...ANSWER, columns: [{ name: "a", type: "VARCHAR" }], rows: [["x"]] })).toBeNull();
  expect(drawingOf({ ...ANSWER, columns: [{ name: "a", type: "VARCHAR" }, { name: "n", type: "DOUBLE" }], rows: [["x", 1]] })).toEqual({ x: 0, time: false, group: null, ys: [1] });
});

test("CSV quotes what it has to", () => {
  expect(csvOf({ ...ANSWER, columns: [{ name: 'a,"b"', type: "VARCHAR" }], rows: [["x\ny"], [null], [{ k: 1 }]] })).toBe('"a,""b"""\r\n"x\ny"\r\n\r\n"{""k"":1}"');
});

test("columns can be chosen, and what is not there counts as not chosen", () => {
  expect(chosenDrawing(ANSWER, {})).toEqual(drawingOf(ANSWER));
  expect(chosenDrawing(ANSWER, { x: "model", y: "calls", group: "" })).toEqual({ x: 1, time: false, group: null, ys: [2] });
  expect(chosenDrawing(ANSWER, { x: "model", group: "model" })).toEqual({ x: 1, time: false, group: null, ys: [2] });
  expect(chosenDrawing(ANSWER, { x: "gone", y: "gone" })).toEqual(drawingOf(ANSWER));
  const numbers = { ...ANSWER, columns: [{ name: "a", type: "BIGINT" }, { name: "b", type: "DOUBLE" }], rows: [[1, 2]] };
  expect(chosenDrawing(numbers, {})).toEqual({ x: 0, time: false, group: null, ys: [1] });
  expect(chosenDrawing({ ...ANSWER, rows: [] }, {})).toBeNull();
});
