import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withNodeInput } from "./nodeYaml";

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

function inputsOf(text: string, node: string): unknown {
  const flow = parse(text) as { nodes: { name: string; inputs: unknown }[] };
  return flow.nodes.find((item) => item.name === node)?.inputs;
}

describe("an input of a node in its file", () => {
  it("is changed and not a character besides", () => {
    expect(withNodeInput(FLOW, "pick", "kind", "b: c")).toBe(FLOW.replace("kind: a  #", 'kind: "b: c"  #'));
    expect(withNodeInput(FLOW, "pick", "kind", 3)).toBe(FLOW.replace("kind: a  #", "kind: 3  #"));
    expect(withNodeInput(FLOW, "pick", "empty", "12")).toBe(FLOW.replace("empty:", 'empty: "12"'));
  });
  it("may have been a block, or becomes a list", () => {
    expect(inputsOf(withNodeInput(FLOW, "pick", "names", ["y", "z"]), "pick")).toEqual({ kind: "a", names: ["y", "z"], empty: null, text: "${inputs.text}" });
  });
  it("is added where it was not there", () => {
    expect(withNodeInput(FLOW, "pick", "more", "two\nlines")).toBe(FLOW.replace("    kind: a", '    more: "two\\nlines"\n    kind: a'));
    expect(inputsOf(withNodeInput(FLOW, "short", "more", "x, y"), "short")).toEqual({ kind: "a", more: "x, y" });
  });
  it("gets its place where the node had no inputs", () => {
    expect(inputsOf(withNodeInput(FLOW, "bare", "a", "1"), "bare")).toEqual({ a: "1" });
    expect(inputsOf(withNodeInput(FLOW, "none", "a", true), "none")).toEqual({ a: true });
  });
  it("needs its node", () => {
    expect(() => withNodeInput(FLOW, "gone", "a", 1)).toThrow("no node gone");
    expect(() => withNodeInput("nodes: [", "pick", "a", 1)).toThrow("under Files");
  });
});
