import { expect, test } from "vitest";
import { baseName } from "@/lib/files";
import { asText, crumbsOf, pathProblem, uriOf, within } from "./paths";
import { duckdbFor, pythonFor } from "./snippets";

test("addresses of files and folders", () => {
  expect(uriOf("papers", "2026/a.csv", "file")).toBe("azureml://datastores/papers/paths/2026/a.csv");
  expect(uriOf("papers", "2026", "folder")).toBe("azureml://datastores/papers/paths/2026/");
  expect(uriOf("papers", "", "folder")).toBe("azureml://datastores/papers/paths/");
});

test("the folders that lead to a path", () => {
  expect(crumbsOf("")).toEqual([]);
  expect(crumbsOf("a/b c")).toEqual([
    { name: "a", path: "a" },
    { name: "b c", path: "a/b c" },
  ]);
  expect([baseName("a/b.txt"), baseName("b.txt"), within("", "x"), within("a/b", "x")]).toEqual(["b.txt", "b.txt", "x", "a/b/x"]);
});

test.each(["a\\b", "../a", "a/./b", "a//b"])("%s is no path", (path) => {
  expect(pathProblem(path)).not.toBeNull();
});

test("bytes are text where they are, whatever cut them", () => {
  expect(asText(new TextEncoder().encode("a,ä").slice(0, 3), "x.csv")).toBe("a,");
  expect(asText(new Uint8Array([80, 0, 1]), "x.parquet")).toBeNull();
  expect(pathProblem("a/b.txt")).toBeNull();
});

test("snippets fit what a file is", () => {
  expect(pythonFor("azureml://datastores/d/paths/a.jsonl")).toContain("lines=True");
  expect(pythonFor("azureml://datastores/d/paths/a.tsv")).toContain('sep="\\t"');
  expect(pythonFor("azureml://datastores/d/paths/x/")).toContain(".ls(");
  expect(duckdbFor("azureml://datastores/d/paths/a.parquet")).toContain("read_parquet('azureml://datastores/d/paths/a.parquet')");
  expect(duckdbFor("azureml://datastores/d/paths/a.txt")).toBeNull();
});
