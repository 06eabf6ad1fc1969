import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { chatShape, turnInputs, type ChatTurn } from "./chat";
import { IDLE_RUN, type RunPhase } from "./testRun";

const GRAPH: FlowGraph = {
  inputs: [
    { name: "chat_history", type: "list", is_chat_history: true },
    { name: "ask", type: "string", is_chat_input: true },
    { name: "tone", type: "string" },
  ],
  outputs: [
    { name: "answer", type: "string", reference: "${llm.output}", is_chat_output: true },
    { name: "context", type: "string", reference: "${llm.output}" },
  ],
  nodes: [],
  edges: [],
  findings: [],
};

function turn(id: number, phase: RunPhase): ChatTurn {
  return {
    id,
    inputs: { ask: `q${id}`, tone: "dry", chat_history: ["old"] },
    question: `q${id}`,
    run: { ...IDLE_RUN, phase, outputs: phase === "completed" ? { answer: `a${id}` } : null },
  };
}

describe("chatShape", () => {
  it("finds the message, the history, the answer and the rest", () => {
    expect(chatShape(GRAPH)).toMatchObject({ question: "ask", history: "chat_history", answer: "answer", others: [{ name: "tone" }] });
  });

  it("is null when the flow does not say what is asked", () => {
    expect(chatShape({ ...GRAPH, inputs: [{ name: "x", type: "string" }] })).toBeNull();
  });
});

describe("turnInputs", () => {
  it("sends completed turns as the history, each without its own history", () => {
    const shape = chatShape(GRAPH);
    if (!shape) throw new Error("a chat flow");
    expect(turnInputs(shape, "next", { tone: "warm" }, [turn(1, "completed"), turn(2, "failed")])).toEqual({
      tone: "warm",
      ask: "next",
      chat_history: [{ inputs: { ask: "q1", tone: "dry" }, outputs: { answer: "a1" } }],
    });
  });
});
