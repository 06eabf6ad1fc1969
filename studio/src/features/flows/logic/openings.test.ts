import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { type ChatShape, chatShape } from "./chat";
import { openings } from "./openings";

function graphOf(input: Partial<FlowGraph["inputs"][number]>): FlowGraph {
  return {
    inputs: [{ name: "ask", type: "string", is_chat_input: true, ...input }],
    outputs: [{ name: "answer", type: "string", reference: "${llm.output}", is_chat_output: true }],
    nodes: [],
    edges: [],
    findings: [],
  };
}

function shapeOf(graph: FlowGraph): ChatShape {
  const shape = chatShape(graph);
  if (!shape) throw new Error("no chat");
  return shape;
}

function rows(...questions: readonly unknown[]) {
  return questions.map((ask, line) => ({ line, values: { ask, ground_truth: "yes" } }));
}

describe("openings", () => {
  it("begins with the flow's own question and goes on with those of its test cases, each once", () => {
    const graph = graphOf({ default: " What is it? " });
    expect(openings(graph, shapeOf(graph), rows("What is it?", "Who made it?", "", 4, null))).toEqual(["What is it?", "Who made it?"]);
  });

  it("offers what the message may be, and four at most", () => {
    const graph = graphOf({ enum: ["a", "b", "c", "d", "e"], default: "b" });
    expect(openings(graph, shapeOf(graph), [])).toEqual(["a", "b", "c", "d"]);
  });

  it("offers nothing where a message is more than a text", () => {
    const graph = graphOf({ type: "list", default: "What?" });
    expect(openings(graph, shapeOf(graph), rows("Who?"))).toEqual([]);
  });
});
