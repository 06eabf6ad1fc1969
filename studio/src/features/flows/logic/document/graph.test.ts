import { describe, expect, it } from "vitest";
import { graphOf } from "./graph";
import { readYaml } from "./yamlText";

const FLOW = `inputs:
  question: {type: string, is_chat_input: true}
  chat_history: {type: list}
  limit: {type: int, default: 3}
outputs:
  answer:
    type: string
    reference: \${tell.output.text}
    is_chat_output: true
nodes:
- name: tell
  use_variants: true
- name: count
  type: python
  source: {type: code, path: count.py}
  aggregation: true
  inputs: {rows: "\${tell.output}", limit: "\${inputs.limit}"}
  activate: {when: "\${tell.output.ok}", is: true}
- name: look
  type: python
  source: {type: package, tool: a.b.c}
  inputs: {from: "\${nobody.output}"}
node_variants:
  tell:
    default_variant_id: v1
    variants:
      v0: {node: {type: llm, source: {type: code, path: old.jinja2}}}
      v1: {node: {type: llm, source: {type: code, path: tell.jinja2}, connection: local, inputs: {deployment_name: small, question: "\${inputs.question}"}}}
`;

describe("the graph of a document", () => {
  const graph = graphOf(readYaml(FLOW), FLOW, []);

  it("has inputs and outputs with what chat flows talk through", () => {
    expect(graph.inputs.map(({ name, type, has_default, is_chat_input, is_chat_history }) => [name, type, has_default, is_chat_input, is_chat_history])).toEqual([
      ["question", "string", false, true, false],
      ["chat_history", "list", true, false, true],
      ["limit", "int", true, false, false],
    ]);
    expect(graph.outputs).toEqual([{ name: "answer", type: "string", reference: "${tell.output.text}", is_chat_output: true }]);
  });

  it("has nodes as their default variant says, with kind and line", () => {
    expect(graph.nodes.map(({ name, kind, source, tool, model, line }) => [name, kind, source, tool, model, line])).toEqual([
      ["tell", "llm", "tell.jinja2", null, "small", 11],
      ["count", "aggregation", "count.py", null, null, 13],
      ["look", "tool", null, "a.b.c", null, 19],
    ]);
  });

  it("says which variant a node is shown as, of which", () => {
    expect(graph.nodes.map(({ variant, variants }) => [variant, variants])).toEqual([
      ["v1", ["v0", "v1"]],
      [null, []],
      [null, []],
    ]);
  });

  it("has an edge for each reference to what there is", () => {
    expect(graph.edges.map(({ source, target, label }) => `${source}>${target}:${label}`)).toEqual([
      "inputs>tell:question",
      "tell>count:rows",
      "inputs>count:limit",
      "tell>count:activate",
      "tell>outputs:answer",
    ]);
  });

  it("has what can be read of odd texts", () => {
    for (const text of ["", "nodes: 3", "nodes:\n- 1\n- {type: llm}\n", "inputs: [a]\noutputs: x\n"]) {
      expect(graphOf(readYaml(text), text, [])).toMatchObject({ nodes: [], edges: [] });
    }
  });
});
