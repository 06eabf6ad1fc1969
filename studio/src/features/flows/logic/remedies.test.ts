import { describe, expect, it } from "vitest";
import type { Problem } from "../model";
import { withRemedy } from "./remedies";

const FAILED: Problem = { code: "ToolExecutionError", title: "A node failed", status: 400, detail: "(KeyError) 'a'", remedy: null, extra: { exception: "KeyError" } };

describe("the remedy of a failed node", () => {
  it("leads to the node's inputs and prints when its own code raised the error", () => {
    expect(withRemedy(FAILED).remedy).toContain("inputs as they came");
  });
  it("is the server's where it has one", () => {
    const told = { ...FAILED, remedy: "Give the key." };
    expect(withRemedy(told)).toBe(told);
  });
  it("names the nodes that have to run first", () => {
    const missing: Problem = { code: "NodeOutputMissing", title: "t", status: 422, detail: "d", remedy: "--inputs facts.output=...", extra: { nodes: ["facts", "check"] } };
    expect(withRemedy(missing).remedy).toMatch(/^Run facts, check first, or the whole flow once/);
  });
  it("is left alone when no node's code is at fault", () => {
    const other: Problem = { code: "X", title: "t", status: 500, detail: "d" };
    expect(withRemedy(other)).toBe(other);
  });
});
