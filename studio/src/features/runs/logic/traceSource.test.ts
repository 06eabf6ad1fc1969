import { expect, test } from "vitest";
import { dataCommandOf, FEEDBACK, searchFor, type TraceChoice } from "./traceSource";

const ALL: TraceChoice = { flow: "", endpoint: "", deployment: "", range: "", feedback: "", q: "" };

test("a choice of traces is one search, and none at all means every trace", () => {
  expect(searchFor(ALL)).toBeNull();
  expect(searchFor({ ...ALL, flow: "my flow", endpoint: "support", deployment: "blue", feedback: "bad", q: " refund or status:error " })).toBe(
    'flow:"my flow" endpoint:support deployment:blue score.feedback<0.5 (refund or status:error)',
  );
  for (const { value } of FEEDBACK) expect(searchFor({ ...ALL, feedback: value })).toMatch(/^score\.feedback/);
});

test("the command makes the same data", () => {
  expect(dataCommandOf("bad", { ...ALL, endpoint: "support", range: "7d", q: "it's" }, 100)).toBe(
    "flowyard data from-traces bad \\\n  --q 'endpoint:support (it'\\''s)' \\\n  --since 7d \\\n  --limit 100",
  );
  expect(dataCommandOf("all", { ...ALL, range: "ever" }, 1000)).toBe("flowyard data from-traces all \\\n  --limit 1000");
});
