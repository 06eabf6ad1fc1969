import { expect, test } from "vitest";
import type { TraceFacet } from "@/api/types";
import { choicesOf, facetsOf, groupsOf, labelOf, titleOf } from "./facets";

const MODELS: TraceFacet = {
  field: "model",
  distinct: 3,
  values: [
    { value: "a", traces: 9, q: "model:a", group: "openai" },
    { value: "b", traces: 4, q: "model:b", group: null },
    { value: "c", traces: 2, q: "model:c", group: "openai" },
  ],
};

test("facets and their values have names that people use", () => {
  expect([titleOf("root.name"), titleOf("score.f1"), titleOf("attr.http.route")]).toEqual(["Name", "Score: f1", "http.route"]);
  expect([labelOf("status", "ok"), labelOf("root.kind", "llm"), labelOf("model", "ok")]).toEqual(["OK", "LLM", "ok"]);
});

test("what the search names stands there although no trace has it", () => {
  expect(choicesOf(MODELS, "(model:a OR model:gone OR model:x*) -model:d").map(({ value, traces, state }) => [value, traces, state])).toEqual([
    ["d", null, "left out"],
    ["gone", 0, "chosen"],
    ["x*", null, "chosen"],
    ["a", 9, "chosen"],
    ["b", 4, "free"],
    ["c", 2, "free"],
  ]);
  expect(facetsOf([], "user:bob late").map((facet) => facet.field)).toEqual(["user"]);
  expect(facetsOf([MODELS], "model:a")).toEqual([MODELS]);
});

test("models are grouped by provider where there are several", () => {
  const choices = choicesOf(MODELS, "");
  expect(groupsOf(choices).map(({ name, choices }) => [name, choices.map((choice) => choice.value)])).toEqual([
    ["openai", ["a", "c"]],
    ["other", ["b"]],
  ]);
  expect(groupsOf(choices.slice(0, 1))).toEqual([{ name: null, choices: choices.slice(0, 1) }]);
});
