import { expect, it } from "vitest";
import type { GraphNode } from "../model";
import { findNodes } from "./search";

function node(name: string, fields: Partial<GraphNode> = {}): GraphNode {
  return { name, kind: "python", source: null, tool: null, connection: null, model: null, inputs: {}, line: null, variant: null, variants: [], ...fields };
}

const NODES = [
  node("ask", { kind: "prompt", source: "prompts/ask.jinja2", inputs: { topic: "${inputs.topic}" } }),
  node("answer", { kind: "llm", source: "answer.jinja2", model: "gpt-4o", connection: "azure", inputs: { temperature: 0.5 } }),
  node("look", { kind: "tool", tool: "pkg.index_lookup.search", variants: ["brief"] }),
];
const TEXTS: Readonly<Record<string, string>> = { "prompts/ask.jinja2": "Write about a Lighthouse.", "answer.jinja2": "Be brief." };

it.each([
  ["ask", ["ask"]],
  ["LLM", ["answer"]],
  ["gpt-4O azure", ["answer"]],
  ["gpt-4o lighthouse", []],
  ["lighthouse", ["ask"]],
  ["index_lookup", ["look"]],
  ["jinja2", ["ask", "answer"]],
  ["brief", ["answer", "look"]],
  ["inputs.topic", ["ask"]],
  ["temperature", ["answer"]],
  ["  ", []],
])("%s finds what has it in its name, tool, model, file or text", (query, names) => {
  expect(findNodes(NODES, (path) => TEXTS[path] ?? null, query)).toEqual(names);
});
