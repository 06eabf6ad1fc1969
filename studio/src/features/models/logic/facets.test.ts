import { expect, test } from "vitest";
import { byUse, FACETS, filterOf, optionsOf } from "./facets";

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

test("what is here comes first, what is too large last", () => {
  const models = [
    { display_name: "large", state: "not_pulled", runs_here: "no" },
    { display_name: "hosted", state: "remote", runs_here: "unknown" },
    { display_name: "b", state: "not_pulled", runs_here: "yes" },
    { display_name: "a", state: "not_pulled", runs_here: "yes" },
    { display_name: "here", state: "ready", runs_here: "yes" },
  ] as const;
  expect(byUse(models).map((model) => model.display_name)).toEqual(["here", "a", "b", "hosted", "large"]);
});
