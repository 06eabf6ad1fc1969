import { expect, test } from "vitest";
import { labelProblem } from "./labels";

test("a label is a word that no version can be", () => {
  expect(labelProblem("production")).toBeNull();
  for (const bad of ["", "12", "-a", "a b"]) expect(labelProblem(bad)).not.toBeNull();
});
