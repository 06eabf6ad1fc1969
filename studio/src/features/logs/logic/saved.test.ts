import { expect, test } from "vitest";
import { readSaved, withoutQuery, withQuery } from "./saved";

test("queries are kept by name, in order, and one of the same name is replaced", () => {
  const saved = withQuery(withQuery(withQuery([], { name: "b", query: "1" }), { name: "a", query: "2" }), { name: "b", query: "3" });
  expect(saved).toEqual([
    { name: "a", query: "2" },
    { name: "b", query: "3" },
  ]);
  expect(withoutQuery(saved, "a")).toEqual([{ name: "b", query: "3" }]);
});

test("what the browser kept is read, whatever became of it", () => {
  expect(readSaved('[{"name": "a", "query": "SELECT 1", "more": 1}, {"name": ""}, 5]')).toEqual([{ name: "a", query: "SELECT 1" }]);
  for (const wrong of [null, "", "{", "{}"]) expect(readSaved(wrong)).toEqual([]);
});
