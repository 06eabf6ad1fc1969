import { describe, expect, it } from "vitest";
import { NOBODY, readJudging } from "./judging";

const REGEX = { ...NOBODY, evaluator: " regex ", minScore: 0.9, mapping: "response=${run.outputs.answer}", init: '{"pattern": "^ok"}' };

describe("readJudging", () => {
  it("asks for nothing without an evaluator", () => {
    expect(readJudging({ ...NOBODY, minScore: 3 })).toEqual({ value: {} });
  });

  it("names the evaluator with what it sees and is made with", () => {
    expect(readJudging(REGEX)).toEqual({
      value: { evaluator: "regex", min_score: 0.9, sample: 20, column_mapping: { response: "${run.outputs.answer}" }, evaluator_init: { pattern: "^ok" } },
    });
  });

  it.each([
    ["minScore", { minScore: "" }, /good enough/],
    ["sample", { sample: "" }, /1 to 1,000/],
    ["mapping", { mapping: "response" }, /^Line 1: write INPUT=/],
    ["init", { init: "[1]" }, /Write an object/],
  ])("says what is wrong with %s", (field, change, words) => {
    const read = readJudging({ ...REGEX, ...change });
    expect("problems" in read && read.problems).toEqual({ [field]: expect.stringMatching(words) as string });
  });
});
