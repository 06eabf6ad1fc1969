import { expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { modelSides, variantSides } from "./sides";

const GRAPH: FlowGraph = {
  inputs: [],
  outputs: [],
  nodes: [
    { name: "chat", kind: "llm", connection: "local", inputs: { model: "a" }, variant: "v0", variants: ["v0", "v1"] },
    { name: "tidy", kind: "python", inputs: {} },
  ],
  edges: [],
  findings: [],
};

it("offers each variant", () => {
  expect(variantSides(GRAPH)).toEqual([
    { key: "variant:chat.v0", label: "v0 of chat", changes: { variant: "${chat.v0}" } },
    { key: "variant:chat.v1", label: "v1 of chat", changes: { variant: "${chat.v1}" } },
  ]);
});

it("offers each model at LLM nodes, in the input that names theirs", () => {
  expect(modelSides(GRAPH, ["small", "azure/gpt/4"]).map(({ changes }) => changes)).toEqual([
    { overrides: { chat: { connection: "local", model: "small" } } },
    { overrides: { chat: { connection: "azure", model: "gpt/4" } } },
  ]);
});
