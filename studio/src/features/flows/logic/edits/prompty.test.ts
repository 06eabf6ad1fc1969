import { describe, expect, it } from "vitest";
import { readYaml } from "../document/yamlText";
import { putAt, setAt } from "./paths";
import { describedProblem, describeModel, nameModel, promptySettings, renameSample, setConnection } from "./prompty";

function after(text: string, change: (doc: ReturnType<typeof readYaml>) => void): unknown {
  const doc = readYaml(text);
  change(doc);
  return readYaml(doc.toString()).toJS();
}

const BEHIND = "model: {api: chat, configuration: {connection: local, model: small}}\n";
const AZURE = "model:\n  configuration:\n    type: azure_openai\n    azure_deployment: gpt\n    azure_endpoint: ${env:A}\n    api_key: ${env:K}\n";

describe("a prompty's front matter", () => {
  it("says where the model is", () => {
    expect(promptySettings(readYaml(BEHIND))).toMatchObject({ place: "connection", connection: "local", model: "small", api: "chat" });
    expect(promptySettings(readYaml(AZURE))).toMatchObject({ place: "azure_openai", connection: null, model: "gpt" });
    expect(promptySettings(readYaml("model: {configuration: {type: local, model: m}}"))).toMatchObject({ place: "connection", connection: "local" });
    expect(promptySettings(readYaml(""))).toMatchObject({ place: "connection", connection: null, model: "", parameters: {} });
    expect(promptySettings(readYaml("model: 3\nname: [a]"))).toMatchObject({ name: "", model: "" });
  });

  it("names a connection, and no longer describes another", () => {
    expect(after(AZURE, (doc) => { setConnection(doc, "mine"); })).toEqual({ model: { configuration: { azure_deployment: "gpt", connection: "mine" } } });
    expect(after("name: a\n", (doc) => { setConnection(doc, "mine"); })).toEqual({ name: "a", model: { configuration: { connection: "mine" } } });
  });

  it("describes a model, which keeps its name", () => {
    expect(after(BEHIND, (doc) => { describeModel(doc, "azure_openai"); })).toEqual({ model: { api: "chat", configuration: { type: "azure_openai", azure_deployment: "small" } } });
    expect(after(AZURE, (doc) => { describeModel(doc, "openai"); })).toEqual({ model: { configuration: { type: "openai", model: "gpt", api_key: "${env:K}" } } });
  });

  it("names the model under the key that does", () => {
    expect(after(BEHIND, (doc) => { nameModel(doc, "big", true); })).toMatchObject({ model: { configuration: { model: "big" } } });
    expect(after("a: 1\n", (doc) => { nameModel(doc, "big", true); })).toMatchObject({ model: { configuration: { azure_deployment: "big" } } });
  });

  it("takes no key as a text of its own", () => {
    expect(describedProblem("api_key", "sk-1")).toContain("${env:NAME}");
    expect(describedProblem("api_key", "${env:K}")).toBeNull();
    expect(describedProblem("base_url", "http://a")).toBeNull();
  });

  it("gives a sample its input's new name, in its place", () => {
    expect(JSON.stringify(after("sample: {a: 1, b: 2}", (doc) => { renameSample(doc, "a", "c"); }))).toBe('{"sample":{"c":1,"b":2}}');
    expect(after("sample: a.json", (doc) => { renameSample(doc, "a", "c"); })).toEqual({ sample: "a.json" });
  });
});

describe("a value at a path of keys", () => {
  it("makes the mappings above it, also where there is nothing after a key, and takes empty ones away", () => {
    expect(after("model:\n", (doc) => { putAt(doc, ["model", "parameters", "stop"], ["a"]); })).toEqual({ model: { parameters: { stop: ["a"] } } });
    expect(after("a: 1\nmodel: {parameters: {n: 1}}\n", (doc) => { putAt(doc, ["model", "parameters", "n"], undefined); })).toEqual({ a: 1 });
    expect(after("model: {api: chat, parameters: {n: 1}}\n", (doc) => { putAt(doc, ["model", "parameters", "n"], undefined); })).toEqual({ model: { api: "chat" } });
  });

  it("is refused below a text", () => {
    expect(() => { setAt(readYaml("model: small\n"), ["model", "api"], "chat"); }).toThrow("model is no mapping");
  });
});
