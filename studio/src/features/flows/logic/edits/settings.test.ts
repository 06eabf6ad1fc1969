import { expect, it } from "vitest";
import type { Document } from "yaml";
import { editYaml, readYaml } from "../document/yamlText";
import { conditionText, conditionValue, setActivate, setAggregation, setModel, setSetting, settingsOf } from "./settings";

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

it("a condition is set, changed and taken away", () => {
  expect(changed((doc) => { setActivate(doc, "ask", { when: "${inputs.go}", is: false }); })).toBe(FLOW.replace("is: true", "is: false"));
  expect(changed((doc) => { setActivate(doc, "ask", null); })).toBe(FLOW.replace("  activate:\n    when: ${inputs.go}\n    is: true\n", ""));
  expect(changed((doc) => { setActivate(doc, "sum", { when: "${ask.output}", is: "yes" }); })).toBe(`${FLOW}  activate:\n    when: \${ask.output}\n    is: yes\n`);
  expect(() => changed((doc) => { setActivate(doc, "ask", { when: "${ask.output}", is: true }); })).toThrow("ask → ask");
});

it("a condition's value is typed as what it is", () => {
  for (const value of [true, 3, -0.5, null, "yes", "", "true", "3", '"quoted"', "two words"]) expect(conditionValue(conditionText(value))).toBe(value);
  expect([conditionText("true"), conditionText(true), conditionText(undefined)]).toEqual(['"true"', "true", ""]);
});

it("an aggregation is one, or not", () => {
  expect(changed((doc) => { setAggregation(doc, "sum", false); })).toBe(FLOW.replace('  aggregation: "True"\n', ""));
  expect(settingsOf(readYaml(changed((doc) => { setAggregation(doc, "fresh", true); })), "fresh").aggregation).toBe(true);
});
