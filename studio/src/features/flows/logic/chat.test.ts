import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { chatShape, imagesOf, messageOf, turnInputs, whyNoImages, whyUnsent, type ChatTurn } from "./chat";
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
    expect(turnInputs(shape, { text: "next", images: [] }, { tone: "warm" }, [turn(1, "completed"), turn(2, "failed")])).toEqual({
      tone: "warm",
      ask: "next",
      chat_history: [{ inputs: { ask: "q1", tone: "dry" }, outputs: { answer: "a1" } }],
    });
  });
});

describe("messages with images", () => {
  const URL = "data:image/png;base64,iVBORw0KGgo=";
  const shapeOf = (type: string, message_format: "basic" | "openai-vision" = "basic") => {
    const shape = chatShape({ ...GRAPH, message_format, inputs: [{ name: "ask", type, is_chat_input: true }] });
    if (!shape) throw new Error("a chat flow");
    return shape;
  };

  it.each([
    ["string", "basic", "what?"],
    ["list", "basic", ["what?", { "data:image/png;base64": "iVBORw0KGgo=" }]],
    ["list", "openai-vision", [{ type: "text", text: "what?" }, { type: "image_url", image_url: { url: URL } }]],
    ["image", "basic", { "data:image/png;base64": "iVBORw0KGgo=" }],
  ] as const)("are a %s of %s", (type, form, sent) => {
    const shape = shapeOf(type, form);
    const inputs = turnInputs(shape, messageOf(shape, "what?", type === "string" ? [] : [URL]), {}, []);
    expect(inputs).toEqual({ ask: sent });
    const asked: ChatTurn = { id: 1, question: "what?", inputs, run: IDLE_RUN };
    expect(imagesOf(asked, shape).map(({ src }) => src)).toEqual(type === "string" ? [] : [URL]);
    expect(whyNoImages(shape) === null).toBe(type !== "string");
  });

  it("are sent once there is something in them", () => {
    expect(whyUnsent(shapeOf("list"), messageOf(shapeOf("list"), " ", []))).not.toBeNull();
    expect(whyUnsent(shapeOf("list"), messageOf(shapeOf("list"), "", [URL]))).toBeNull();
    expect(whyUnsent(shapeOf("image"), messageOf(shapeOf("image"), "words", []))).not.toBeNull();
    expect(turnInputs(shapeOf("list"), messageOf(shapeOf("list"), "", [URL]), {}, [])).toEqual({ ask: [{ "data:image/png;base64": "iVBORw0KGgo=" }] });
  });
});
