import { describe, expect, it } from "vitest";
import type { RunLineCounts } from "../model";
import { resultChoices, resultFilter } from "./results";

const JUDGED: RunLineCounts = {
  completed: 95,
  failed: 5,
  verdicts: { passed: 60, failed: 35, unknown: 0 },
  scores: { relevance: { passed: 80, failed: 12, unknown: 3 } },
};
const labels = (counts: RunLineCounts | undefined, score = "", chosen = ""): string[] => resultChoices(counts, score, chosen).map(({ label }) => label);

describe("what rows are narrowed down to", () => {
  it("has what evaluators said, with counts, of the row or of one score", () => {
    expect(labels(JUDGED)).toEqual(["All 100", "Passed 60", "Not passed 35", "Error 5"]);
    expect(labels(JUDGED, "relevance")).toEqual(["All 100", "Passed 80", "Not passed 12", "Not judged 3", "Error 5"]);
  });
  it("keeps what is chosen, with no row of it, and has words before counts are known", () => {
    expect(labels({ ...JUDGED, failed: 0 }, "", "failed")).toEqual(["All 95", "Passed 60", "Not passed 35", "Error 0"]);
    expect(labels(undefined)).toEqual(["All", "Completed", "Error"]);
    expect(labels({ ...JUDGED, scores: {} })).toEqual(["All 100", "Completed 95", "Error 5"]);
  });
  it("asks for a status or a verdict", () => {
    expect(resultFilter("failed", "relevance")).toEqual({ status: "failed" });
    expect(resultFilter("fail", "relevance")).toEqual({ verdict: "fail", score: "relevance" });
    expect(resultFilter("unknown", "")).toEqual({ verdict: "unknown" });
    expect(resultFilter("what", "")).toEqual({});
  });
});
