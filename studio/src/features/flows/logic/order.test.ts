import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { inOrder } from "./order";

function graph(names: string[], edges: [string, string][]): FlowGraph {
  return {
    inputs: [],
    outputs: [],
    nodes: names.map((name) => ({ name, kind: "python" })),
    edges: edges.map(([source, target]) => ({ source, target, label: "x" })),
    findings: [],
  };
}

describe("inOrder", () => {
  it.each([
    [
      ["c", "b", "a"],
      [
        ["a", "b"],
        ["b", "c"],
      ],
      ["a", "b", "c"],
    ],
    [["b", "a", "c"], [["inputs", "a"]], ["b", "a", "c"]],
    [
      ["a", "b", "c"],
      [
        ["b", "c"],
        ["c", "b"],
      ],
      ["a", "b", "c"],
    ],
    [["a"], [["a", "a"]], ["a"]],
  ] as [string[], [string, string][], string[]][])("%j with %j", (names, edges, expected) => {
    expect(inOrder(graph(names, edges)).map((node) => node.name)).toEqual(expected);
  });
});
