import { expect, test } from "vitest";
import type { Figures } from "./types";
import { changeOf, searchFor, seriesOf, totalOf } from "./figures";

const FIGURES: Figures = {
  columns: [
    { name: "time", type: "time", unit: null },
    { name: "model", type: "text", unit: null },
    { name: "count", type: "integer", unit: null },
  ],
  rows: [
    ["2026-11-26T01:00:00Z", "m", 2],
    ["2026-11-26T00:00:00Z", "m", 1],
    ["2026-11-26T01:00:00Z", null, 3],
  ],
  previous: null,
  since: "",
  until: "",
  grain: "hour",
  currency: "USD",
  truncated: false,
};

test("rows become a line a group over sorted times", () => {
  const { times, series } = seriesOf(FIGURES, "count", 1);
  expect(times).toEqual(["2026-11-26T00:00:00Z", "2026-11-26T01:00:00Z"]);
  expect(series).toEqual([
    { name: "m", values: [1, 2] },
    { name: "(none)", values: [null, 3] },
  ]);
});

test("totals and their change", () => {
  const total: Figures = { ...FIGURES, columns: [{ name: "count", type: "integer", unit: null }], rows: [[6]], previous: [[4]] };
  expect(totalOf(total, "count")).toEqual({ now: 6, before: 4 });
  expect(changeOf(6, 4)).toBe(0.5);
  expect(changeOf(6, 0)).toBeNull();
  expect(totalOf(undefined, "count")).toEqual({ now: null, before: null });
});

test.each([
  ["model", "gpt-4o", "model:gpt-4o"],
  ["name", 'say "x"', 'name:"say \\"x\\""'],
  ["user", "a b", 'user:"a b"'],
  ["user", null, null],
])("the traces of %s %s are found by %s", (field, value, expected) => {
  expect(searchFor(field, value)).toBe(expected);
});
