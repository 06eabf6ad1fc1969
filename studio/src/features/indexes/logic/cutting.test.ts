import { expect, test } from "vitest";
import type { Index } from "@/api/types";
import { cutFrom, readWays, sideBySide, tellWay, wayOf } from "./cutting";

const FILE = { path: "a.md", file: new File(["a"], "a.md") };
const BEFORE = { name: "handbook", latest: { version: "3" } } as Index;

test("a draft stands beside half of it and the other strategy", () => {
  expect(sideBySide(wayOf({ strategy: "structure", maxTokens: 256, overlap: 100 }))).toEqual(["structure:256:100", "structure:128:64", "tokens:256:100"]);
  expect(sideBySide({ strategy: "tokens", max_tokens: 16, overlap_tokens: 8 })).toEqual(["tokens:16:8", "structure:16:8"]);
});

test("documents are those chosen, and else those that the index has", () => {
  expect(cutFrom({ from: "files", files: [FILE], asset: null }, BEFORE)).toEqual({ files: [FILE] });
  expect(cutFrom({ from: "asset", files: [], asset: "azureml:papers:1" }, null)).toEqual({ data: "azureml:papers:1" });
  expect(cutFrom({ from: "web", files: [FILE], asset: null }, BEFORE)).toEqual({ index: "handbook", version: "3" });
  expect(cutFrom({ from: "web", files: [], asset: null }, null)).toBeNull();
});

test("ways that are none are told before the server is asked", () => {
  expect(readWays(["structure:64:8", "tokens:64:40"]).problem).toMatch(/^tokens:64:40 is no way/);
  expect(readWays([]).problem).not.toBeNull();
  const { ways, problem } = readWays(["tokens:64:8"]);
  expect([ways.map(tellWay), problem]).toEqual([["By length, 64 + 8"], null]);
});
