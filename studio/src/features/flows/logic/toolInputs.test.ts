import { describe, expect, it } from "vitest";
import type { FlowTool } from "../model";
import { known, parsed, shownInputs, textOf } from "./toolInputs";

const TOOL: FlowTool = {
  id: "box.pick",
  name: "Pick",
  package: "box",
  inputs: [
    { name: "kind", types: ["string"], enum: ["a", "b"], default: "a" },
    { name: "choice", types: ["string"], offers_values: true, depends_on: ["kind", "size"] },
    { name: "only_b", types: ["int"], enabled_by: "kind", enabled_by_value: ["b"] },
    { name: "model", types: ["string"], enabled_by: "connection" },
    { name: "maker", types: ["string"], hidden: true },
  ],
};

const names = (values: Record<string, unknown>) => shownInputs(TOOL, values).map((input) => input.name);

describe("the inputs of a tool in its form", () => {
  it("show when what enables them has one of its values", () => {
    expect(names({})).toEqual(["kind", "choice"]);
    expect(names({ kind: "b", connection: "mine" })).toEqual(["kind", "choice", "only_b", "model"]);
  });
  it("stay while they have a value", () => {
    expect(names({ only_b: 3 })).toContain("only_b");
  });
  it("depend on values that are known before a run", () => {
    const choice = TOOL.inputs?.[1];
    if (!choice) throw new Error("no choice");
    expect(known(TOOL, choice, { size: 2 })).toEqual({ kind: "a", size: 2 });
    expect(known(TOOL, choice, { kind: "${inputs.kind}" })).toEqual({});
  });
  it("take a text as their type has it", () => {
    const number = { name: "n", types: ["int"] };
    expect(parsed("12", number, [])).toBe(12);
    expect(parsed("${inputs.n}", number, [])).toBe("${inputs.n}");
    expect(parsed("twelve", number, [])).toBe("twelve");
    expect(parsed("12", { name: "s", types: ["string"] }, [])).toBe("12");
    expect(parsed("7", { name: "s", types: ["string"] }, [{ value: 7 }])).toBe(7);
  });
  it("write a value as text", () => {
    expect([undefined, null, "a", 3, ["x"]].map(textOf)).toEqual(["", "", "a", "3", '["x"]']);
  });
});
