import { expect, test } from "vitest";
import { isChanged, kindOf, moved, readPairs, STEP_KINDS, stepProblem, writePairs } from "./steps";

test("each kind begins as itself, and says what is missing", () => {
  for (const [kind, { start }] of Object.entries(STEP_KINDS)) expect(kindOf(start(["text"]))).toBe(kind);
  expect(stepProblem(STEP_KINDS.filter_length.start([]), false)).toContain("column");
  expect(stepProblem(STEP_KINDS.filter_length.start(["text"]), false)).toBeNull();
  expect(stepProblem({ filter_length: { column: "a", min: 9, max: 3, unit: "words" } }, false)).toContain("shorter");
  expect(stepProblem({ filter_language: { column: "a", languages: [], confidence: 0 } }, false)).toContain("language");
  expect(stepProblem({ python: { function: "clean.py:run", mode: "row", arguments: {} } }, false)).toContain("Upload");
  expect(stepProblem({ python: { function: "clean.py:run", mode: "row", arguments: {} } }, true)).toBeNull();
  expect(stepProblem({ python: { function: "run", mode: "row", arguments: {} } }, true)).toContain("file.py:function");
  expect(stepProblem({ sql: { query: " " } }, true)).not.toBeNull();
});

test("steps move within their list", () => {
  const steps = [1, 2, 3].map((id) => ({ id, step: {} }));
  const ids = (list: readonly { id: number }[]) => list.map(({ id }) => id);
  expect(ids(moved(steps, 3, -1))).toEqual([1, 3, 2]);
  expect(ids(moved(steps, 1, 1))).toEqual([2, 1, 3]);
  expect(ids(moved(steps, 1, -1))).toEqual([1, 2, 3]);
});

test("pairs are lines", () => {
  expect(readPairs("a: b\n\nnone\n: x\nc: d: e")).toEqual({ a: "b", c: "d: e" });
  expect(writePairs({ a: "b", n: 1 })).toBe("a: b\nn: 1");
});

test("a value is changed where the same row had another one", () => {
  const before = { line: 1, values: { a: "x", b: [1] } };
  expect(isChanged({ line: 1, values: { a: "y", b: [1] } }, before, "a")).toBe(true);
  expect(isChanged({ line: 1, values: { a: "y", b: [1] } }, before, "b")).toBe(false);
  expect(isChanged({ line: 9, values: { a: "y" } }, undefined, "a")).toBe(false);
});
