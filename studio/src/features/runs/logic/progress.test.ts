import { describe, expect, it } from "vitest";
import { doneOf, paceText, rowsText, sharesOf, tookMs } from "./progress";
import { cellText, metricText, signedText } from "./values";
import { variantsOf } from "./variants";
import { AREA_ROWS, areaOf, pageOffsets } from "./window";

describe("a run's progress", () => {
  it("counts rows of a total that is known, or not yet", () => {
    const half = doneOf({ completed: 12, failed: 3, total: 30 });
    expect([half.done, rowsText(half), sharesOf(half)]).toEqual([15, "15 of 30 rows", { completed: 40, failed: 10 }]);
    expect(rowsText(doneOf({ completed: 1, total: 1 }))).toBe("1 row");
    expect(rowsText(doneOf({ completed: 1500 }))).toBe("1,500 rows");
    expect(sharesOf(doneOf(undefined))).toEqual({ completed: 0, failed: 0 });
  });

  it("says how fast it goes and how long it takes", () => {
    expect(paceText({ rows_per_second: 1240.4, seconds_left: 182 })).toBe("1,240 rows/s · 3 min 2 s left");
    expect(paceText({ rows_per_second: null })).toBe("");
    const began = "2026-11-26T02:00:00Z";
    expect(tookMs({ started_at: began, ended_at: "2026-11-26T02:00:04Z" }, 0)).toBe(4000);
    expect(tookMs({}, 0)).toBeNull();
  });
});

describe("values in a table", () => {
  it("stand in one line", () => {
    expect([cellText("two\n lines"), cellText({ a: [1] }), cellText(undefined), cellText("x".repeat(400)).length]).toEqual(["two lines", '{"a":[1]}', "", 301]);
    expect([0.5, 1 / 3, 12345, 0.00002, null, "good"].map(metricText)).toEqual(["0.5", "0.3333", "12,345", "2.00e-5", "–", "good"]);
    expect([0, 0.25, -2].map(signedText)).toEqual(["±0", "+0.25", "−2"]);
  });
});

describe("variants", () => {
  it("are those that the flow's file declares", () => {
    const text = "node_variants:\n  write:\n    default_variant_id: short\n    variants:\n      short: {node: {}}\n      long: {node: {}}\n";
    expect(variantsOf(text)).toEqual([{ node: "write", defaultId: "short", ids: ["short", "long"] }]);
    expect([variantsOf("nodes: ["), variantsOf("nodes: []"), variantsOf("")]).toEqual([[], [], []]);
  });
});

describe("a window of a long list", () => {
  it("needs the pages that its rows are in", () => {
    expect(pageOffsets(195, 405)).toEqual([0, 200, 400]);
    expect(pageOffsets(5, 4)).toEqual([]);
  });

  it("stays within the rows that there are", () => {
    expect(areaOf(0, 30)).toEqual({ start: 0, count: 30 });
    expect(areaOf(250_000, 1_000_000)).toEqual({ start: 200_000, count: AREA_ROWS });
    expect(areaOf(9_000_000, 100_001)).toEqual({ start: 100_000, count: 1 });
    expect(areaOf(0, 0)).toEqual({ start: 0, count: 0 });
  });
});
