import { expect, test } from "vitest";
import { hubProblem, sourceOf } from "./importing";

test.each(["org/name", "hf:org/na.me-1", "https://huggingface.co/org/name", "org/name@main"])("%s is an id", (id) => {
  expect(hubProblem(id)).toBeNull();
});

test.each(["name", "org/", "org/a/b", "https://example.com/a/b"])("%s is none", (id) => {
  expect(hubProblem(id)).not.toBeNull();
});

test("sources are named as the API does", () => {
  expect(sourceOf("hub", " https://huggingface.co/org/name ")).toBe("hf:org/name");
  expect(sourceOf("hub", "hf:org/name@v1")).toBe("hf:org/name@v1");
  expect(sourceOf("folder", "/data/m")).toBe("file:///data/m");
});
