import { describe, expect, it } from "vitest";
import type { FlowGraph, NodeResult, NodeStatus } from "../model";
import { chosenBy, requestOf } from "./parts";
import { staleOf, textsOf, withMade } from "./stale";
import { applyEvent, startedRun, streamedBy, type TestRun } from "./testRun";

const NAMES = ["a", "b", "side", "join"];
const GRAPH: FlowGraph = {
  inputs: [{ name: "x", type: "string" }],
  outputs: [{ name: "out", type: "string", reference: "${join.output}" }],
  nodes: NAMES.map((name) => ({ name, kind: "python", source: `${name}.py` })),
  edges: [
    { source: "inputs", target: "a", label: "x" },
    { source: "a", target: "b", label: "x" },
    { source: "b", target: "join", label: "a" },
    { source: "side", target: "join", label: "b" },
    { source: "join", target: "outputs", label: "out" },
  ],
  findings: [],
};

function result(node: string, status: NodeStatus, output?: unknown): NodeResult {
  return { node, kind: "python", status, output };
}

const files: Record<string, string> = Object.fromEntries(NAMES.map((name) => [`${name}.py`, "before"]));
const textsWith = (changed: Record<string, string> = {}) => textsOf(GRAPH, null, (path) => ({ ...files, ...changed })[path] ?? null);

/** A run in which each node has given its output, in order. */
function ranWith(outputs: Readonly<Record<string, unknown>>, before: TestRun = startedRun()): TestRun {
  return Object.entries(outputs).reduce((run, [name, output]) => {
    const seen = applyEvent(run, { kind: "node", trace_id: "t", node: result(name, "completed", output) });
    return withMade(seen, name, GRAPH, textsWith());
  }, before);
}

describe("a part of a flow", () => {
  it("is a node alone, or all that uses what it gives", () => {
    expect(chosenBy(GRAPH, null)).toEqual(NAMES);
    expect(chosenBy(GRAPH, { node: "b", onward: false })).toEqual(["b"]);
    expect(chosenBy(GRAPH, { node: "a", onward: true })).toEqual(["a", "b", "join"]);
  });

  it("asks with what the other nodes gave last", () => {
    const results = { a: result("a", "completed", 1), b: result("b", "completed", 2), side: result("side", "bypassed"), join: result("join", "failed") };
    expect(requestOf({ node: "b", onward: true }, ["b", "join"], { x: "text" }, results)).toEqual({
      inputs: { "inputs.x": "text" },
      node: "b",
      onward: true,
      outputs: { a: 1 },
      bypassed: ["side"],
    });
    expect(requestOf(null, NAMES, { x: "text" }, results)).toEqual({ inputs: { x: "text" } });
  });

  it("keeps the results of the other nodes, and its own until it begins", () => {
    const part = { node: "b", onward: true };
    const asked = startedRun(ranWith({ a: 1, b: 2, side: 3, join: 4 }), part, ["b", "join"]);
    expect(Object.keys(asked.nodes)).toEqual(NAMES);
    expect(Object.keys(applyEvent(asked, { kind: "started", trace_id: "t" }).nodes)).toEqual(["a", "side"]);
  });

  it("streams to its node", () => {
    const references = { out: "join" };
    const streaming = (part: TestRun["part"], output: string, node: string): TestRun =>
      applyEvent({ ...startedRun(), part, nodes: { [node]: result(node, "running") } }, { kind: "chunk", trace_id: "t", output, text: "Hel" });
    expect(streamedBy(streaming(null, "out", "join"), "join", references)).toBe("Hel");
    expect(streamedBy(streaming({ node: "b", onward: false }, "output", "b"), "b", references)).toBe("Hel");
    expect(streamedBy(streaming(null, "out", "join"), "b", references)).toBeNull();
  });
});

describe("a result is stale", () => {
  const ran = ranWith({ a: 1, b: 2, side: 3, join: 4 });
  const stale = (run: TestRun, changed: Record<string, string> = {}) => [...staleOf(run, GRAPH, textsWith(changed))].sort();

  it("when the node's text changed, with all that used it", () => {
    expect(stale(ran)).toEqual([]);
    expect(stale(ran, { "b.py": "after" })).toEqual(["b", "join"]);
    expect(stale(ran, { "join.py": "after" })).toEqual(["join"]);
  });

  it("when what feeds it gave something else since", () => {
    expect(stale(ranWith({ a: 1 }, ran))).toEqual([]);
    expect(stale(ranWith({ a: 7 }, ran))).toEqual(["b", "join"]);
  });

  it("and no longer when it ran again", () => {
    const again = ranWith({ b: 9, join: 10 }, ranWith({ a: 7 }, ran));
    expect(stale(again)).toEqual([]);
  });

  it("not for a text that is not read yet", () => {
    expect(stale(withMade(ran, "a", GRAPH, textsOf(GRAPH, null, () => null)))).toEqual([]);
  });
});
