import { expect, test } from "vitest";
import { FACETS, filterOf, optionsOf } from "./facets";

const [task] = FACETS;

test("the address says what is asked for; what is unknown to it is left out", () => {
  expect(filterOf({ q: " llama ", task: "chat-completion", runs_here: "yes", view: "table", state: "" })).toEqual({ q: "llama", task: ["chat-completion"], runs_here: ["yes"] });
  expect(filterOf({})).toEqual({});
});

test("values are called by words, with how many there are, and a chosen one stays", () => {
  if (!task) throw new Error("there is a facet");
  const page = { items: [], total: 0, facets: { task: [{ value: "chat-completion", count: 40 }] } };
  expect(optionsOf(task, page, "rerank")).toEqual([
    { value: "chat-completion", label: "Chat (40)" },
    { value: "rerank", label: "Rerank (0)" },
  ]);
  expect(optionsOf(task, undefined, "")).toEqual([]);
});
