import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { editYaml } from "../document/yamlText";
import { setInput } from "./nodes";

const FLOW = `# how we ask
inputs:
  text: {type: string}   # given
nodes:
- name: pick
  type: python
  unknown_key: kept
  inputs:
    kind: a  # first
    names:
    - x
    empty:
    text: \${inputs.text}
- name: bare
  type: python
- {name: short, type: python, inputs: {kind: a}}
- name: none
  inputs: {}
`;

function withNodeInput(text: string, node: string, input: string, value: unknown): string {
  return editYaml(text, (doc) => {
    setInput(doc, node, input, value);
  });
}

function inputsOf(text: string, node: string): unknown {
  const flow = parse(text) as { nodes: { name: string; inputs: unknown }[] };
  return flow.nodes.find((item) => item.name === node)?.inputs;
}

describe("an input of a node in its file", () => {
  it("is changed, and no other line", () => {
    expect(withNodeInput(FLOW, "pick", "kind", "b: c")).toBe(FLOW.replace("kind: a  #", 'kind: "b: c" #'));
    expect(withNodeInput(FLOW, "pick", "kind", 3)).toBe(FLOW.replace("kind: a  #", "kind: 3 #"));
    expect(withNodeInput(FLOW, "pick", "empty", "12")).toBe(FLOW.replace("empty:", 'empty: "12"'));
  });
  it("may have been a block, or becomes a list", () => {
    expect(inputsOf(withNodeInput(FLOW, "pick", "names", ["y", "z"]), "pick")).toEqual({ kind: "a", names: ["y", "z"], empty: null, text: "${inputs.text}" });
  });
  it("is added where it was not there", () => {
    expect(withNodeInput(FLOW, "pick", "more", "x")).toBe(FLOW.replace("    text: ${inputs.text}\n", "    text: ${inputs.text}\n    more: x\n"));
    expect(inputsOf(withNodeInput(FLOW, "short", "more", "x, y"), "short")).toEqual({ kind: "a", more: "x, y" });
    expect(inputsOf(withNodeInput(FLOW, "pick", "more", "two\nlines"), "pick")).toMatchObject({ more: "two\nlines" });
  });
  it("gets its place where the node had no inputs", () => {
    expect(inputsOf(withNodeInput(FLOW, "bare", "a", "1"), "bare")).toEqual({ a: "1" });
    expect(inputsOf(withNodeInput(FLOW, "none", "a", true), "none")).toEqual({ a: true });
  });
  it("needs its node", () => {
    expect(() => withNodeInput(FLOW, "gone", "a", 1)).toThrow("no node gone");
  });
});
