import { describe, expect, it } from "vitest";
import type { Document } from "yaml";
import { editYaml, readYaml } from "../document/yamlText";
import { addNode, deleteNode, duplicateNode, freeNodeName, nodeNameProblem, removeInput, renameNode, setInput, setOutput, sourceOf } from "./nodes";
import { usesOf } from "./references";

const FLOW = `# kept
inputs:
  text: {type: string, default: 'a'} # its type
outputs:
  answer:
    type: string
    reference: \${second.output.text}
x-own: [1,  2]
nodes:
- name: first # splits
  type: python
  source: {type: code, path: first.py}
  inputs:
    text: "\${inputs.text}"
- name: second
  type: llm
  use_variants: true
  inputs:
    words: '\${first.output}'
    said: not \${first.output} but text
  activate:
    when: \${first.output.go}
    is: true
node_variants:
  second:
    default_variant_id: v0
    variants:
      v0:
        node:
          type: llm
          inputs:
            words: \${first}
`;

function changed(change: (doc: Document) => void, text = FLOW): string {
  return editYaml(text, change);
}

describe("a node that is renamed", () => {
  it("keeps its references, and nothing else changes", () => {
    const text = changed((doc) => renameNode(doc, "first", "split"));
    const expected = FLOW.replace("name: first ", "name: split ")
      .replace('\'${first.output}\'', '\'${split.output}\'')
      .replace("when: ${first.output.go}", "when: ${split.output.go}")
      .replace("words: ${first}", "words: ${split}");
    expect(text).toBe(expected);
  });
  it("keeps its variants and outputs", () => {
    const text = changed((doc) => renameNode(doc, "second", "last"));
    expect(text).toBe(FLOW.replace("${second.output.text}", "${last.output.text}").replace("name: second", "name: last").replace("  second:\n", "  last:\n"));
  });
  it("cannot have a name that is taken, reserved, or none", () => {
    expect(() => changed((doc) => renameNode(doc, "first", "second"))).toThrow("There is a node second already");
    expect(nodeNameProblem("inputs", [])).toContain("stands for the flow");
    expect(nodeNameProblem("a b", [])).toContain("letters");
    expect(() => changed((doc) => renameNode(doc, "gone", "x"))).toThrow("no node gone: it has first, second");
  });
});

describe("a node that is deleted", () => {
  it("is said to be used, and what used it goes with it", () => {
    expect(usesOf(readYaml(FLOW), "first")).toEqual(["second.words", "second.activate"]);
    const flow = readYaml(changed((doc) => deleteNode(doc, "first"))).toJS() as { nodes: object[]; node_variants: unknown };
    expect(flow.nodes).toEqual([{ name: "second", type: "llm", use_variants: true, inputs: { said: "not ${first.output} but text" } }]);
    expect(flow.node_variants).toEqual({ second: { default_variant_id: "v0", variants: { v0: { node: { type: "llm", inputs: {} } } } } });
  });
  it("takes its outputs and variants with it, and leaves the rest as it is", () => {
    const text = changed((doc) => deleteNode(doc, "second"));
    expect(text).toContain("# kept\ninputs:\n  text: {type: string, default: 'a'} # its type\n");
    expect(text).toContain("x-own: [1,  2]\n");
    expect(text).not.toContain("second");
  });
});

describe("a node that is added", () => {
  it("comes last, and the lines before it stay", () => {
    const text = changed((doc) => addNode(doc, "llm", "third", "third.jinja2"));
    expect(text.replace(/- name: third\n(?: {2}.*\n)+/, "")).toBe(FLOW);
    expect(text).toContain("- name: third\n  type: llm\n  source:\n    type: code\n    path: third.jinja2\n");
  });
  it("may be the first of all", () => {
    for (const empty of ["", "nodes: []\n", "nodes:\n"]) {
      const flow = readYaml(changed((doc) => addNode(doc, "python", "one", "one.py"), empty)).toJS() as unknown;
      expect(flow).toEqual({ nodes: [{ name: "one", type: "python", source: { type: "code", path: "one.py" }, inputs: {} }] });
    }
  });
  it("has a name and a file that are free", () => {
    expect(freeNodeName("python", ["python", "python_2"])).toBe("python_3");
    expect(sourceOf("python", "a", ["a.py"]).path).toBe("a_2.py");
  });
  it("may be a copy, with the same inputs", () => {
    const text = changed((doc) => duplicateNode(doc, "first", "again"));
    expect(text).toContain("- name: again");
    expect((readYaml(text).toJS() as { nodes: { inputs: object }[] }).nodes[1]?.inputs).toEqual({ text: "${inputs.text}" });
  });
});

describe("an input", () => {
  it("is set, and its quotes stay", () => {
    expect(changed((doc) => setInput(doc, "first", "text", "b"))).toBe(FLOW.replace('"${inputs.text}"', '"b"'));
    expect(changed((doc) => removeInput(doc, "second", "said"))).toBe(FLOW.replace(/ {4}said.*\n/, ""));
  });
  it("closes no cycle, and the way is named", () => {
    expect(() => changed((doc) => setInput(doc, "first", "more", "${second.output}"))).toThrow("first → second → first");
    expect(() => changed((doc) => setInput(doc, "first", "more", "${first.output}"))).toThrow("first → first");
  });
});

it("an output is made, or read from elsewhere", () => {
  expect(changed((doc) => setOutput(doc, "answer", "${first.output}"))).toBe(FLOW.replace("${second.output.text}", "${first.output}"));
  const flow = readYaml(changed((doc) => setOutput(doc, "more", "${first.output}"))).toJS() as { outputs: Record<string, unknown> };
  expect(flow.outputs.more).toEqual({ type: "string", reference: "${first.output}" });
});
