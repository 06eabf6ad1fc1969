import { describe, expect, it } from "vitest";
import type { FlowInput } from "../model";
import { fed, mappingOf, mappingProblems, referencesOf, samplesOf, suggestMapping } from "./mapping";

const text: FlowInput = { name: "text", type: "string" };
const count: FlowInput = { name: "count", type: "int", default: 3, has_default: true };
const row = { data: { text: "hello", other: 1 }, "run.outputs": { words: 2 }, "run.inputs": { text: "before" } };

describe("column mapping", () => {
  it("offers every column, those of the data first", () => {
    expect(referencesOf([row])).toEqual(["${data.text}", "${data.other}", "${run.outputs.words}", "${run.inputs.text}"]);
  });

  it("suggests the column of the same name and leaves the rest to defaults", () => {
    expect(suggestMapping([text, count], referencesOf([row]))).toEqual({ text: "${data.text}" });
    expect(suggestMapping([text], ["${run.inputs.text}"])).toEqual({ text: "${run.inputs.text}" });
  });

  it("suggests what evaluators take from what runs and data call it", () => {
    const inputs = ["query", "response", "ground_truth"].map((name): FlowInput => ({ name, type: "string" }));
    expect(suggestMapping(inputs, ["${data.truth}", "${run.outputs.reply}", "${run.inputs.question}"])).toEqual({
      query: "${run.inputs.question}",
      response: "${run.outputs.reply}",
      ground_truth: "${data.truth}",
    });
    expect(suggestMapping(inputs, ["${data.answer}", "${run.outputs.a}", "${run.outputs.b}"])).toEqual({ response: "${data.answer}", ground_truth: "${data.answer}" });
  });

  it.each([
    [text, "${data.text}", { kind: "value", value: "hello" }],
    [text, "${run.outputs.words}", { kind: "value", value: 2 }],
    [text, "", { kind: "value", value: "hello" }],
    [count, "", { kind: "default", value: 3 }],
    [count, "12", { kind: "value", value: 12 }],
    [text, "just this", { kind: "value", value: "just this" }],
  ])("feeds %o mapped to %s", (input, mapped, expected) => {
    expect(fed(input, mapped, row)).toEqual(expected);
  });

  it.each([
    [text, "${data.texts}", "no column texts"],
    [text, "${inputs.text}", "${data.column}"],
    [count, "twelve", "whole number"],
  ])("says what is wrong with %o mapped to %s", (input, mapped, said) => {
    const found = fed(input, mapped, row);
    expect(found.kind === "error" && found.message).toContain(said);
  });

  it("says that a source is not there", () => {
    const found = fed(text, "${run.outputs.x}", { data: {} });
    expect(found.kind === "error" && found.message).toContain("no other run");
    expect(mappingProblems([text, count], {}, { "run.outputs": {} })).toEqual({ text: "Needs a value." });
  });

  it("joins another run's rows with the data of the same line", () => {
    const ended = (line: number) => ({ line, variant: "", status: "completed" as const, inputs: { text: `t${line}` }, outputs: {} });
    const data = [{ truth: 0 }, { truth: 1 }, { truth: 2 }];
    expect(samplesOf(data, [ended(2), ended(9)], 5)).toEqual([
      { line: 2, data: { truth: 2 }, "run.inputs": { text: "t2" }, "run.outputs": {} },
      { line: 9, data: "unseen", "run.inputs": { text: "t9" }, "run.outputs": {} },
    ]);
    expect(samplesOf(data, null, 2)).toEqual([{ line: 0, data: { truth: 0 } }, { line: 1, data: { truth: 1 } }]);
    expect(samplesOf(null, [ended(0)], 5)).toEqual([{ line: 0, "run.inputs": { text: "t0" }, "run.outputs": {} }]);
    expect([samplesOf("unseen", null, 5), samplesOf(null, null, 5)]).toEqual([[{ line: 0, data: "unseen" }], []]);
  });

  it("leaves what cannot be looked into to the run", () => {
    const unseen = { data: "unseen" as const };
    expect([fed(text, "${data.any}", unseen), fed(text, "", unseen)]).toEqual([{ kind: "unseen" }, { kind: "unseen" }]);
    expect([referencesOf([unseen]), mappingProblems([text], {}, unseen)]).toEqual([[], {}]);
  });

  it("sends references as they are and literals as values of the input's type", () => {
    expect(mappingOf([text, count], { text: "${data.other}", count: "7" })).toEqual({ text: "${data.other}", count: 7 });
    expect(mappingOf([text, count], { text: "  " })).toEqual({});
  });
});
