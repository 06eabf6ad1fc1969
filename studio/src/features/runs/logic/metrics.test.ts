import { describe, expect, it } from "vitest";
import { besideText, ownMetrics, ownScores } from "./metrics";

describe("metrics", () => {
  it("have their interval and their rows with them", () => {
    const metrics = { f1: 0.5, f1_low: 0.4, f1_high: 0.6, f1_count: 20, f1_invalid: 2, f1_pass_rate: 0.9, words_count: 3 };
    expect(ownMetrics(Object.keys(metrics))).toEqual(["f1", "f1_pass_rate", "words_count"]);
    expect(besideText("f1", metrics)).toBe("95 %: 0.4 to 0.6, 20 rows, 2 without");
    expect(besideText("f1_pass_rate", metrics)).toBe("");
  });
  it("of rows are told once", () => {
    const names = ["f1", "f1_score", "f1_threshold", "f1_passed", "harm_score", "harm_threshold"].map((name) => ({ name }));
    expect(ownScores(names).map(({ name }) => name)).toEqual(["f1", "f1_passed", "harm_score", "harm_threshold"]);
  });
});
