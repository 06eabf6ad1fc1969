import { expect, test } from "vitest";
import { commandOf, cuttingProblem, indexNameProblem, rulesProblem, startOf } from "./draft";

test("a new index starts as the server would cut it", () => {
  expect(startOf(null)).toEqual({ strategy: "structure", maxTokens: 256, overlap: 32, rules: [] });
});

test("an overlap of more than half of a chunk is told before the server is asked", () => {
  expect(cuttingProblem({ maxTokens: 64, overlap: 32 })).toBeNull();
  for (const [maxTokens, overlap] of [[64, 33], [0, 0], [64, -1], [1.5, 0]] as const) expect(cuttingProblem({ maxTokens, overlap })).not.toBeNull();
});

test("no index is called as the page on which they are made", () => {
  expect(indexNameProblem("new")).toContain("another name");
  expect(indexNameProblem("news")).toBeNull();
});

test("a rule needs a tag", () => {
  expect(rulesProblem([])).toBeNull();
  expect(rulesProblem([{ under: "a/", tags: [] }])).not.toBeNull();
});

test("the command says the same, quoted for a shell", () => {
  const draft = { ...startOf(null), rules: [{ under: "my papers/", tags: ["a", "b"] }, { under: "", tags: [] }] };
  const command = commandOf({ name: "x", source: [["--data", "./docs"]], model: "m", draft });
  expect(command).toContain("--data ./docs");
  expect(command).toContain("--embedding-model m");
  expect(command).toContain("--access 'my papers/=a,b'");
  expect(command.match(/--access/g)).toHaveLength(1);
  expect(commandOf({ name: "", source: [["--data", "azureml:d:1"]], model: null, draft })).not.toContain("--embedding-model");
});
