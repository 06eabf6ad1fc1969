import { expect, it } from "vitest";
import type { Document } from "yaml";
import { editYaml, readYaml } from "../document/yamlText";
import { setModel, setSetting, settingsOf } from "./settings";

const FLOW = `nodes:
- name: ask # it
  type: llm
  source: {type: code, path: ask.jinja2}
  inputs:
    model: 'small'
    question: \${inputs.question}
  connection: local   # here
  api: completion
  activate:
    when: \${inputs.go}
    is: true
- name: fresh
  type: llm
  inputs: {}
- name: sum
  type: python
  aggregation: "True"
`;

function changed(change: (doc: Document) => void): string {
  return editYaml(FLOW, change);
}

it("the settings of a node are read as its YAML says them", () => {
  const doc = readYaml(FLOW);
  expect(settingsOf(doc, "ask")).toEqual({ connection: "local", api: "completion", aggregation: false, activate: { when: "${inputs.go}", is: true } });
  expect(settingsOf(doc, "fresh")).toEqual({ connection: null, api: "chat", aggregation: false, activate: null });
  expect(settingsOf(doc, "sum").aggregation).toBe(true);
});

it("a model is named where it was named, or as its connection says it", () => {
  expect(changed((doc) => { setModel(doc, "ask", "large", "deployment_name"); })).toBe(FLOW.replace("'small'", "'large'"));
  expect(readYaml(changed((doc) => { setModel(doc, "fresh", "gpt", "deployment_name"); })).toJS()).toHaveProperty(["nodes", 1, "inputs"], { deployment_name: "gpt" });
});

it("a setting changes its own line, or goes", () => {
  expect(changed((doc) => { setSetting(doc, "ask", "connection", "azure"); })).toBe(FLOW.replace("connection: local   # here", "connection: azure # here"));
  expect(changed((doc) => { setSetting(doc, "ask", "api", undefined); })).toBe(FLOW.replace("  api: completion\n", ""));
  expect(() => changed((doc) => { setSetting(doc, "gone", "api", "chat"); })).toThrow("no node gone");
});
