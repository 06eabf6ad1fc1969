import { describe, expect, it } from "vitest";
import type { FlowGraph, GraphNode } from "@/api/types";
import { flowChecks, modelChecks } from "./startChecks";

function node(connection: string | null, model: string | null = null): GraphNode {
  return { name: "ask", kind: "llm", connection, model };
}

function graph(over: Partial<FlowGraph>): FlowGraph {
  return { nodes: [], edges: [], inputs: [], outputs: [], findings: [], ...over };
}

const outcomes = (checked: FlowGraph, known: string[] = []) => flowChecks(checked, known, [{ name: "smol", state: "ready" }]).map(({ outcome }) => outcome);

describe("flowChecks", () => {
  it("refuses a flow with errors and tells the first", () => {
    const findings = [
      { code: "a", severity: "error" as const, message: "ask has no prompt.", remedy: "Name one." },
      { code: "b", severity: "error" as const, message: "other" },
    ];
    expect(flowChecks(graph({ findings }), [], [])).toEqual([{ outcome: "bad", says: "The flow has errors: ask has no prompt. And 1 more.", remedy: "Name one." }]);
  });

  it("warns of warnings", () => {
    expect(outcomes(graph({ findings: [{ code: "a", severity: "warning", message: "odd" }] }))).toEqual(["warn"]);
  });

  it("looks for the connections that nodes name, not for those that come from inputs", () => {
    expect(outcomes(graph({ nodes: [node("azure"), node("${inputs.connection}")] }), ["azure"])).toEqual(["good", "good"]);
    expect(outcomes(graph({ nodes: [node("azure")] }), ["other"])).toEqual(["good", "bad"]);
  });

  it("looks for the local models that nodes call", () => {
    expect(outcomes(graph({ nodes: [node("local", "smol")] }))).toEqual(["good", "good"]);
    expect(outcomes(graph({ nodes: [node("local", "big")] }))).toEqual(["good", "bad"]);
  });
});

describe("modelChecks", () => {
  it("wants the model on this machine", () => {
    expect(modelChecks(["big"], [{ name: "big", state: "not_pulled" }])[0]).toMatchObject({ outcome: "bad", remedy: "Pull it on the Models page first." });
  });
});
