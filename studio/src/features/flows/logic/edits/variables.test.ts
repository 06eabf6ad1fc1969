import { expect, it } from "vitest";
import type { FlowGraph } from "../../model";
import { editYaml } from "../document/yamlText";
import { firstValue, inputChanges, renameNodeInput } from "./variables";

it("what a file takes and what its node gives are compared", () => {
  expect(inputChanges(["question", "style"], ["style", "topic"])).toEqual({ missing: ["question"], unused: ["topic"] });
  expect(inputChanges([], ["topic"], true)).toEqual({ missing: [], unused: [] });
});

it("a new input begins with what has its name", () => {
  const graph = { inputs: [{ name: "question" }], nodes: [{ name: "rows" }, { name: "ask" }] } as unknown as FlowGraph;
  expect(["question", "rows", "ask", "other"].map((name) => firstValue(graph, "ask", name))).toEqual(["${inputs.question}", "${rows.output}", "", ""]);
});

it("an input that is renamed keeps its value, place and comment", () => {
  const flow = "nodes:\n- name: ask\n  inputs:\n    model: m\n    topic: '${inputs.topic}' # asked\n    last: 1\n";
  const renamed = (fresh: string) =>
    editYaml(flow, (doc) => {
      renameNodeInput(doc, "ask", "topic", fresh);
    });
  expect(renamed("question")).toBe(flow.replace("    topic:", "    question:"));
  expect(() => renamed("last")).toThrow("has an input last already");
});
