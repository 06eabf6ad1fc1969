import { describe, expect, it } from "vitest";
import { editYaml, readYaml } from "../document/yamlText";
import { clipText, copyNodes, planPaste, pasteNodes, readClip } from "./clipboard";

const FLOW = `inputs:
  topic: {type: string}
outputs: {}
nodes:
- name: prompt # asks
  type: prompt
  source: {type: code, path: prompt.jinja2}
  inputs:
    topic: \${inputs.topic}
- name: answer
  type: llm
  use_variants: true
- name: tidy
  type: python
  source: {type: code, path: tidy.py}
  inputs:
    text: \${answer.output}
  activate:
    when: \${prompt.output}
    is: "yes"
node_variants:
  answer:
    default_variant_id: v0
    variants:
      v0:
        node:
          name: answer
          type: llm
          source: {type: code, path: answer.jinja2}
          inputs:
            question: \${prompt.output.text}
`;
const FILES: Readonly<Record<string, string>> = { "prompt.jinja2": "About {{topic}}\n", "answer.jinja2": "# user:\n{{question}}", "tidy.py": "def tidy():\r\n  pass\r\n" };

function clip(...names: string[]) {
  return copyNodes(readYaml(FLOW), names, (path) => FILES[path] ?? null);
}

function pasted(target: string, copied: ReturnType<typeof clip>, paths: readonly string[], after?: string) {
  const plan = planPaste(readYaml(target), copied, paths);
  return { plan, text: editYaml(target, (doc) => { pasteNodes(doc, copied, plan, after); }) };
}

describe("copied nodes", () => {
  it("are YAML that is read as the same, with the files that they need", () => {
    const text = clipText(clip("answer", "prompt"));
    expect(text).toContain("- name: prompt # asks\n");
    expect(text).toContain("files:\n  prompt.jinja2: |\n    About {{topic}}\n");
    expect(text).not.toContain("tidy");
    expect(clipText(readClip(text))).toBe(text);
    expect(readClip(clipText(clip("tidy", "answer"))).files).toEqual({ "tidy.py": FILES["tidy.py"], "answer.jinja2": FILES["answer.jinja2"] });
  });
  it("are read from a flow, a list or a single node of elsewhere", () => {
    for (const text of [FLOW, "- name: prompt\n  type: prompt\n", "name: prompt\ntype: prompt\n", '{"nodes": [{"name": "prompt"}]}'])
      expect(planPaste(readYaml("nodes: []"), readClip(text), []).names.get("prompt")).toBe("prompt");
  });
  it("lose their anchors, which would change others", () => {
    const doc = readYaml("nodes:\n- name: a\n  inputs: &all {x: 1}\n- name: b\n  inputs: *all\n");
    expect(clipText(copyNodes(doc, ["b"], () => null))).toContain("- name: b\n  inputs:\n    x: 1\n");
  });
  it("are none in a text that is something else, and it says what came", () => {
    const says = (text: string, why: string) => { expect(() => readClip(text)).toThrow(why); };
    says(" ", "no text");
    says("hello world", "a text came");
    says("a: 1\nb: 2", "something with a, b came");
    says("nodes: []", "an empty list came");
    says("- 1\n- 2", "a list of something else came");
    says("a: [", "cannot be read as YAML");
    says("- type: llm\n", "Node 1 of those in the clipboard has no name");
    says("- name: a\n- name: a\n", "Two of the nodes in the clipboard are called a");
    says("nodes: [{name: a}]\nfiles: {../a.py: x}", "would not be inside the flow's folder");
    says("nodes: [{name: a}]\nfiles: {/etc/a: x}", "would not be inside the flow's folder");
    says("nodes: [{name: a}]\nfiles: {a.py: 1}", "has no text");
    says("x".repeat(5 * 1024 * 1024), "more than 4 MiB");
  });
});

describe("pasted into the same flow", () => {
  const { plan, text } = pasted(FLOW, clip("prompt", "answer"), Object.keys(FILES), "prompt");
  const flow = readYaml(text).toJS() as { nodes: { name: string; inputs?: object; source?: object }[]; node_variants: Record<string, unknown> };
  it("they have names and files of their own, beside what there was", () => {
    expect(flow.nodes.map(({ name }) => name)).toEqual(["prompt", "prompt_2", "answer_2", "answer", "tidy"]);
    expect(flow.nodes[1]?.source).toEqual({ type: "code", path: "prompt_2.jinja2" });
    expect(plan.files).toEqual({ "prompt_2.jinja2": FILES["prompt.jinja2"], "answer_2.jinja2": FILES["answer.jinja2"] });
  });
  it("they refer to each other, and to what they referred to", () => {
    expect(flow.nodes[1]?.inputs).toEqual({ topic: "${inputs.topic}" });
    expect(flow.node_variants.answer_2).toEqual({
      default_variant_id: "v0",
      variants: { v0: { node: { name: "answer_2", type: "llm", source: { type: "code", path: "answer_2.jinja2" }, inputs: { question: "${prompt_2.output.text}" } } } },
    });
    expect([plan.lost, plan.missing]).toEqual([[], []]);
  });
  it("no other line changes", () => {
    const lines = text.split("\n");
    expect(FLOW.split("\n").every((line) => lines.includes(line))).toBe(true);
    expect(text.startsWith(FLOW.slice(0, FLOW.indexOf("- name: answer")))).toBe(true);
  });
});

describe("pasted into another flow", () => {
  const other = "inputs: {}\noutputs: {}\nnodes: []\n";
  it("keep names and paths that are free, and lose what the flow does not have", () => {
    const { plan, text } = pasted(other, clip("tidy", "prompt"), ["flow.dag.yaml"]);
    expect(plan.lost).toEqual(["prompt.topic", "tidy.text"]);
    expect(plan.paths.get("tidy.py")).toBe("tidy.py");
    expect(readYaml(text).toJS()).toMatchObject({
      nodes: [
        { name: "prompt", inputs: { topic: "" } },
        { name: "tidy", inputs: { text: "" }, activate: { when: "${prompt.output}" } },
      ],
    });
    expect(readYaml(pasted(other, clip("tidy"), []).text).toJS()).not.toHaveProperty("nodes.0.activate");
  });
  it("take what the other flow has under the same name", () => {
    const { plan, text } = pasted("inputs:\n  topic: {type: int}\nnodes:\n  - name: answer\n    type: llm\n", clip("tidy", "prompt"), []);
    expect(plan.lost).toEqual([]);
    expect(text).toContain("text: ${answer.output}");
  });
  it("says which files are nowhere, and puts them into a flow without nodes and variants", () => {
    const copied = copyNodes(readYaml(FLOW), ["answer", "tidy"], (path) => (path === "tidy.py" ? "x" : null));
    const { plan, text } = pasted("inputs: {}\n", copied, []);
    expect(plan.missing).toEqual(["answer.jinja2"]);
    expect(Object.keys((readYaml(text).toJS() as { node_variants: object }).node_variants)).toEqual(["answer"]);
  });
  it("a node that is called as the flow itself gets another name", () => {
    expect(planPaste(readYaml(other), readClip("- name: inputs\n  type: llm\n"), []).names.get("inputs")).toBe("inputs_2");
  });
});
