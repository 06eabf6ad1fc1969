import { expect, test } from "vitest";
import { filtersOf, nameProblem, readViews, renamed, sameFilters, withoutView, withView } from "./views";

const SLOW = { name: "slow", search: { q: "duration>2s", range: "24h" } };
const FAILED = { name: "failed", search: { status: "error" } };

test("a view holds the filters of the address and nothing else", () => {
  expect(filtersOf({ q: " duration>2s ", range: "24h", live: "on", model: "", span: undefined })).toEqual(SLOW.search);
});

test("what the browser kept is read, and what is no view is left out", () => {
  expect(readViews(JSON.stringify([SLOW, 3, { name: "" }, { name: "x", search: { q: 3, other: "y" } }]))).toEqual([SLOW, { name: "x", search: {} }]);
  expect(readViews("{")).toEqual([]);
  expect(readViews('"text"')).toEqual([]);
  expect(readViews(null)).toEqual([]);
});

test("views are saved, renamed and deleted, in the order of their names", () => {
  const both = withView([SLOW], FAILED);
  expect(both).toEqual([FAILED, SLOW]);
  expect(withView(both, { name: "slow", search: {} })).toEqual([FAILED, { name: "slow", search: {} }]);
  expect(renamed(both, "failed", "with errors")).toEqual([SLOW, { ...FAILED, name: "with errors" }]);
  expect(renamed(both, "nobody", "x")).toEqual(both);
  expect(withoutView(both, "slow")).toEqual([FAILED]);
});

test("a name is there and not taken", () => {
  expect(nameProblem([SLOW], " ")).toContain("name");
  expect(nameProblem([SLOW], "slow")).toContain("already");
  expect(nameProblem([SLOW], "slow", "slow")).toBeNull();
  expect(nameProblem([SLOW], "other")).toBeNull();
});

test("views are the same where they ask for the same", () => {
  expect(sameFilters(SLOW.search, { range: "24h", q: "duration>2s" })).toBe(true);
  expect(sameFilters(SLOW.search, { q: "duration>2s" })).toBe(false);
});
