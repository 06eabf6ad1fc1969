import { describe, expect, it } from "vitest";
import type { Document } from "yaml";
import { editYaml, readYaml } from "../document/yamlText";
import { addEnd, endNameProblem, inputUses, removeEnd, renameEnd, setEnd, setMarker } from "./ends";

const FLOW = `inputs:
  question: {type: string, is_chat_input: true} # asked
  history:
    type: list
    is_chat_history: true
outputs:
  answer:
    type: string
    reference: \${ask.output}
  echo: {type: string, reference: "\${inputs.question}"}
nodes:
- name: ask
  type: llm
  inputs:
    model: m
    question: \${inputs.question}
    other: \${inputs.questions}
  activate:
    when: \${flow.question}
    is: go
node_variants:
  ask:
    variants:
      v0:
        node:
          inputs:
            question: '\${inputs.question}'
`;

function changed(change: (doc: Document) => void, text = FLOW): string {
  return editYaml(text, change);
}

describe("an input of the flow", () => {
  it("is renamed with all that refers to it, and nothing else changes", () => {
    const text = changed((doc) => { renameEnd(doc, "inputs", "question", "topic"); });
    expect(text).toBe(FLOW.replace("  question: {", "  topic: {").replaceAll("${inputs.question}", "${inputs.topic}").replace("${flow.question}", "${flow.topic}"));
    expect(() => changed((doc) => { renameEnd(doc, "inputs", "question", "history"); })).toThrow("There is history already");
  });
  it("is said to be used, and what used it goes with it", () => {
    expect(inputUses(readYaml(FLOW), "question")).toEqual(["ask.question", "ask.activate", "output echo"]);
    const flow = readYaml(changed((doc) => { removeEnd(doc, "inputs", "question"); })).toJS() as Record<string, unknown>;
    expect(flow.inputs).toEqual({ history: { type: "list", is_chat_history: true } });
    expect(Object.keys(flow.outputs as object)).toEqual(["answer"]);
    expect(flow.nodes).toEqual([{ name: "ask", type: "llm", inputs: { model: "m", other: "${inputs.questions}" } }]);
  });
  it("is added, also as the first", () => {
    expect(changed((doc) => { addEnd(doc, "inputs", "count", { type: "int" }); })).toBe(FLOW.replace("outputs:\n", "  count:\n    type: int\noutputs:\n"));
    for (const empty of ["nodes: []\n", "inputs:\nnodes: []\n", "inputs: {}\nnodes: []\n"])
      expect(readYaml(changed((doc) => { addEnd(doc, "inputs", "a", { type: "string" }); }, empty)).toJS()).toEqual({ inputs: { a: { type: "string" } }, nodes: [] });
  });
  it("has a type and a default", () => {
    expect(changed((doc) => { setEnd(doc, "inputs", "question", "type", "int"); })).toBe(FLOW.replace("{type: string, is_chat_input", "{type: int, is_chat_input"));
    expect(changed((doc) => { setEnd(doc, "inputs", "history", "default", []); })).toBe(FLOW.replace("is_chat_history: true\n", "is_chat_history: true\n    default: []\n"));
  });
  it("is what it is for a chat alone", () => {
    const inputs = (readYaml(changed((doc) => { setMarker(doc, "inputs", "history", "input"); })).toJS() as { inputs: unknown }).inputs;
    expect(inputs).toEqual({ question: { type: "string" }, history: { type: "list", is_chat_input: true } });
    expect(changed((doc) => { setMarker(doc, "inputs", "history", null); })).toBe(FLOW.replace("    is_chat_history: true\n", ""));
  });
});

it("an output is renamed, marked and removed", () => {
  expect(changed((doc) => { renameEnd(doc, "outputs", "answer", "reply"); })).toBe(FLOW.replace("  answer:", "  reply:"));
  expect(changed((doc) => { setMarker(doc, "outputs", "answer", "input"); })).toBe(FLOW.replace("${ask.output}\n", "${ask.output}\n    is_chat_output: true\n"));
  expect(changed((doc) => { removeEnd(doc, "outputs", "echo"); })).toBe(FLOW.replace(/ {2}echo.*\n/, ""));
});

it("a name is one that references can have", () => {
  expect([endNameProblem("", []), endNameProblem("a b", []), endNameProblem("a", ["a"]), endNameProblem("a", ["b"])].map((each) => each === null)).toEqual([false, false, false, true]);
});
