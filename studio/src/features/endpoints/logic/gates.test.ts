import { describe, expect, it } from "vitest";
import { evaluationChoices, gateWords, measuredOf, readGates } from "./gates";

describe("gates", () => {
  it("leaves out what is not finished", () => {
    const drafts = [
      { metric: "f1_score", sign: ">=", bound: 0.8 },
      { metric: "latency", sign: "<=", bound: 2 },
      { metric: "", sign: ">=", bound: 1 },
      { metric: "bleu", sign: ">=", bound: "" },
    ] as const;
    expect(readGates(drafts)).toEqual([
      { metric: "f1_score", at_least: 0.8 },
      { metric: "latency", at_most: 2 },
    ]);
  });

  it("has the words of the command line", () => {
    expect(gateWords({ metric: "f1_score", at_least: 0.8 })).toBe("f1_score >= 0.8");
    expect(gateWords({ metric: "x", at_least: 0, at_most: 1 })).toBe("x >= 0 and x <= 1");
  });
});

describe("metrics", () => {
  it("stand with their intervals; counts beside a metric are left out", () => {
    const metrics = { exact: 0.5, exact_low: 0.1, exact_high: 0.9, exact_count: 2, exact_invalid: 0, row_count: 3 };
    const parts = { exact: { low: "exact_low", high: "exact_high", count: "exact_count", invalid: "exact_invalid" }, row_count: {} };
    expect(measuredOf({ metrics, metric_parts: parts })).toEqual([
      { name: "exact", value: 0.5, low: 0.1, high: 0.9 },
      { name: "row_count", value: 3 },
    ]);
  });
});

describe("what can be held to gates", () => {
  it("is each evaluation by itself, and a run with all that it has where that is not one", () => {
    const all = [
      { run: "a", rows: 1200, evaluations: ["a-f1", "a-judge"] },
      { run: "b", rows: 1, evaluations: ["b-f1"] },
      { run: "c", rows: 2 },
    ];
    expect(evaluationChoices(all)).toEqual([
      { value: "a", label: "a, all 2 evaluations, 1,200 rows" },
      { value: "a-f1", label: "a-f1, of a, 1,200 rows" },
      { value: "a-judge", label: "a-judge, of a, 1,200 rows" },
      { value: "b-f1", label: "b-f1, of b, 1 row" },
      { value: "c", label: "c, its own metrics, 2 rows" },
    ]);
  });
});
