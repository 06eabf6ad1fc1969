import { describe, expect, it } from "vitest";
import { bucketAt, differenceWords, metricsOf, metricWords } from "./trends";

function run(name: string, minute: number, flow: string, metrics: Record<string, unknown>) {
  return { name, flow, created_at: `2026-11-28T08:${String(minute).padStart(2, "0")}:00Z`, metrics, metric_parts: Object.fromEntries(Object.keys(metrics).map((key) => [key, {}])) };
}

it("puts a flow's metrics over its runs, the oldest first, and leaves out what is no number", () => {
  const newestFirst = [run("c", 3, "score", { exact: 0.9 }), run("b", 2, "other", { exact: 0.1, words: "many" }), run("a", 1, "score", { exact: 0.5, nothing: null })];
  const metrics = metricsOf(newestFirst);
  expect(metrics.map(({ key, points }) => [key, points.map(({ run: name, value }) => [name, value])])).toEqual([
    ["score/exact", [["a", 0.5], ["c", 0.9]]],
    ["other/exact", [["b", 0.1]]],
  ]);
});

it("says values with the digits that say something, and differences with their sign", () => {
  expect([metricWords(0.708333), metricWords(1234.5), metricWords(-0.5)]).toEqual(["0.7083", "1,235", "−0.5"]);
  expect([differenceWords(0.25), differenceWords(-0.25), differenceWords(0)]).toEqual(["+0.25", "−0.25", "±0"]);
});

describe("bucketAt", () => {
  const times = ["2026-11-26T00:00:00Z", "2026-11-27T00:00:00Z"];

  it("is the day whose bar was clicked", () => {
    expect(bucketAt(times, Date.parse("2026-11-26T20:00:00Z"), "day")).toBe("2026-11-27T00:00:00.000Z/2026-11-28T00:00:00.000Z");
    expect(bucketAt(times, 0, "hour")).toBe("2026-11-26T00:00:00.000Z/2026-11-26T01:00:00.000Z");
    expect(bucketAt([], 0, "day")).toBeNull();
  });
});
