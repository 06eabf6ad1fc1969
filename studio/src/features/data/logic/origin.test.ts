import { expect, test } from "vitest";
import { nameFor, nameProblem, originOf } from "./origin";

test.each([
  ["questions.jsonl", "questions"],
  ["my questions (2).csv", "my-questions-2-"],
  ["…ä.zip", ""],
  [`${"x".repeat(200)}.json`, "x".repeat(100)],
  ["v1.2.parquet", "v1.2"],
])("%s gives the name %s", (file, name) => {
  expect(nameFor(file)).toBe(name);
});

test("names that are none are told", () => {
  expect(nameProblem("a.b-c_d")).toBeNull();
  for (const bad of ["", "-a", "a b", "x".repeat(101)]) expect(nameProblem(bad)).not.toBeNull();
});

test("what a version was made from is told", () => {
  expect(originOf({ origin: { kind: "upload" } })).toBe("an upload");
  expect(originOf({ origin: { kind: "datastore", path: "azureml://datastores/d/paths/a" } })).toBe("azureml://datastores/d/paths/a");
  expect(originOf({ origin: { kind: "traces", traces: ["a"] } })).toBe("1 trace");
  expect(originOf({ origin: { kind: "traces", traces: ["a", "b"] } })).toBe("2 traces");
  expect(originOf({ origin: {} })).toBe("–");
});
