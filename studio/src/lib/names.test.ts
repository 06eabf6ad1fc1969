import { expect, test } from "vitest";
import { nameFor, nameProblem } from "./names";

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
