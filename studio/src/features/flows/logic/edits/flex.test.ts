import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { editYaml, readYaml } from "../document/yamlText";
import { addInclude, entryFile, entryProblem, entryValues, flexSettings, removeInclude, setSample } from "./flex";

const TEMPLATE = readFileSync(resolve(import.meta.dirname, "../../../../../../src/flowyard/flows/templates/flex/flow.flex.yaml"), "utf8");

describe("a flex flow's file", () => {
  it("says its entry, and where the code of it is", () => {
    const settings = flexSettings(readYaml(TEMPLATE));
    expect(settings).toMatchObject({ module: "readable", name: "Readable", sampleInit: { longest: 12 }, variables: {}, includes: [] });
    expect(entryFile(settings, ["readable.py"])).toBe("readable.py");
    expect(entryFile(settings, [])).toBeNull();
    expect(entryFile(flexSettings(readYaml("entry: a.b:f\ncode: ./src\n")), ["src/a/b/__init__.py"])).toBe("src/a/b/__init__.py");
    expect(flexSettings(readYaml("entry: nothing\nsample: '${file:s.json}'\n"))).toMatchObject({ module: "", sampleInit: null, sampleInputs: null });
    expect(flexSettings(readYaml("- a\n"))).toMatchObject({ entry: "", sampleInit: {} });
  });

  it("takes an entry of a module and a name", () => {
    expect(entryProblem("chat.more:answer")).toBeNull();
    expect(entryProblem("chat.py")).toContain("chat:answer");
  });

  it("changes the line of the value alone", () => {
    expect(editYaml(TEMPLATE, (doc) => { setSample(doc, "init", "longest", 15); })).toBe(TEMPLATE.replace("longest: 12", "longest: 15"));
    const quoted = TEMPLATE.replace("longest: 12", 'longest: "12"');
    expect(editYaml(quoted, (doc) => { setSample(doc, "init", "longest", 15); })).toBe(TEMPLATE.replace("longest: 12", "longest: 15"));
    expect(editYaml(quoted, (doc) => { setSample(doc, "init", "longest", "few"); })).toBe(TEMPLATE.replace("longest: 12", 'longest: "few"'));
    expect(readYaml(editYaml(TEMPLATE, (doc) => { setSample(doc, "init", "longest", undefined); })).toJS()).not.toHaveProperty("sample.init");
  });

  it("has includes added and taken away", () => {
    const one = editYaml("entry: a:b\n", (doc) => { addInclude(doc, "../shared"); });
    const two = editYaml(one, (doc) => { addInclude(doc, "../more"); });
    expect(flexSettings(readYaml(two)).includes).toEqual(["../shared", "../more"]);
    expect(editYaml(two, (doc) => { removeInclude(doc, 1); })).toBe(one);
    expect(editYaml(one, (doc) => { removeInclude(doc, 0); })).toBe("entry: a:b\n");
  });
});

describe("the values that an entry takes", () => {
  const parameters = [
    { name: "model", required: true, type: "str", default: null },
    { name: "longest", required: false, type: null, default: "20" },
    { name: "ratio", required: false, type: "float | None", default: "None" },
    { name: "client", required: true, type: "AzureOpenAIConnection", default: null },
  ];

  it("are of the type that is annotated, else of the default's", () => {
    expect(entryValues(parameters, false, {}, { longest: 12 }).map(({ name, field, sample }) => [name, field.kind, field.typeLabel, sample])).toEqual([
      ["model", "text", "str", undefined],
      ["longest", "integer", "int", 12],
      ["ratio", "number", "float | None", undefined],
      ["client", "any", "AzureOpenAIConnection", undefined],
    ]);
  });

  it("are told where the code takes no such name, unless it takes any", () => {
    expect(entryValues([], false, { a: { type: "int", default: 3 } }, { b: 1 }).map(({ name, isStrange, field }) => [name, isStrange, field.kind])).toEqual([
      ["a", true, "integer"],
      ["b", true, "any"],
    ]);
    expect(entryValues([], true, {}, { b: 1 }).map(({ isStrange }) => isStrange)).toEqual([false]);
  });
});
