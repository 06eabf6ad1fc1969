import { describe, expect, it } from "vitest";
import type { Document } from "yaml";
import type { FlowGraph } from "../../model";
import { editYaml, readYaml } from "../document/yamlText";
import { addNode, addTool, deleteNode, firstSource, freeNodeName, nodeNameProblem, removeInput, renameNode, setInput, setOutput, sourceOf } from "./nodes";
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
    expect(usesOf(readYaml(FLOW), ["first"])).toEqual(["second.words", "second.activate"]);
    expect(usesOf(readYaml(FLOW), ["first", "second"])).toEqual(["output answer"]);
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
    const text = changed((doc) => addNode(doc, "llm", "third", "third.jinja2", { value: "${inputs.text}", connection: "local", model: "small" }));
    expect(text.replace(/- name: third\n(?: {2}.*\n)+/, "")).toBe(FLOW);
    expect(text).toContain("- name: third\n  type: llm\n  source:\n    type: code\n    path: third.jinja2\n  inputs:\n    deployment_name: small\n    question: ${inputs.text}\n  connection: local\n  api: chat\n");
  });
  it("may be the first of all", () => {
    for (const empty of ["", "nodes: []\n", "nodes:\n"]) {
      const flow = readYaml(changed((doc) => addNode(doc, "python", "one", "one.py", { value: "" }), empty)).toJS() as unknown;
      expect(flow).toEqual({ nodes: [{ name: "one", type: "python", source: { type: "code", path: "one.py" }, inputs: { text: "" } }] });
    }
  });
  it("may be a tool of a package", () => {
    const text = changed((doc) => addTool(doc, "look_up", "mine.tools.look_up"));
    expect(text).toContain("- name: look_up\n  type: python\n  source:\n    type: package\n    tool: mine.tools.look_up\n");
    expect(() => changed((doc) => addTool(doc, "first", "mine.tools.look_up"))).toThrow("There is a node first already");
  });
  it("has a name and a file that are free", () => {
    expect(freeNodeName("python", ["python", "python_2"])).toBe("python_3");
    expect(freeNodeName("python_2", ["python", "python_2"])).toBe("python_3");
    expect(sourceOf("python", "a", ["a.py"]).path).toBe("a_2.py");
  });
  it("takes what the flow is about, else what came last", () => {
    const input = (name: string, type: string, is_chat_input = false) => ({ name, type, is_chat_input }) as FlowGraph["inputs"][number];
    const nodes = [{ name: "last" }] as FlowGraph["nodes"];
    expect(firstSource({ inputs: [input("history", "list"), input("topic", "string"), input("question", "string", true)], nodes })).toBe("${inputs.question}");
    expect(firstSource({ inputs: [input("rows", "list"), input("topic", "string")], nodes })).toBe("${inputs.topic}");
    expect(firstSource({ inputs: [input("rows", "list")], nodes })).toBe("${inputs.rows}");
    expect([firstSource({ inputs: [], nodes }), firstSource({ inputs: [], nodes: [] })]).toEqual(["${last.output}", ""]);
  });
});

it("a node of a flow without variants is deleted", () => {
  expect(changed((doc) => deleteNode(doc, "b"), "nodes:\n- name: a\n- name: b\n")).toBe("nodes:\n- name: a\n");
});

describe("an input", () => {
  it("is set, and its quotes stay", () => {
    expect(changed((doc) => setInput(doc, "first", "text", "b"))).toBe(FLOW.replace('"${inputs.text}"', '"b"'));
    expect(changed((doc) => removeInput(doc, "second", "said"))).toBe(FLOW.replace(/ {4}said.*\n/, ""));
  });
  it("needs the quotes of an empty text no longer once it has one", () => {
    const added = changed((doc) => setInput(doc, "first", "more", ""));
    expect(added).toContain('    more: ""\n');
    expect(changed((doc) => setInput(doc, "first", "more", "plain"), added)).toBe(added.replace('more: ""', "more: plain"));
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
