import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { drawnEdges, INPUTS_NODE, ioSize, OUTPUTS_NODE, positionsOf, shapeOf, toElk } from "./layout";

const GRAPH: FlowGraph = {
  inputs: [{ name: "q", type: "string" }],
  outputs: [{ name: "a", type: "string", reference: "${llm.output}" }],
  nodes: [
    { name: "prep", kind: "python" },
    { name: "llm", kind: "llm" },
  ],
  edges: [
    { source: INPUTS_NODE, target: "prep", label: "q" },
    { source: "prep", target: "llm", label: "x" },
    { source: "prep", target: "llm", label: "y" },
    { source: "llm", target: OUTPUTS_NODE, label: "a" },
    { source: "missing", target: "llm", label: "z" },
  ],
  findings: [],
};

describe("drawnEdges", () => {
  it("joins edges between the same nodes and leaves out those that lead nowhere", () => {
    expect(drawnEdges(GRAPH).map((edge) => [edge.source, edge.target, edge.labels])).toEqual([
      [INPUTS_NODE, "prep", ["q"]],
      ["prep", "llm", ["x", "y"]],
      ["llm", OUTPUTS_NODE, ["a"]],
    ]);
  });
});

describe("toElk", () => {
  it("keeps inputs first and outputs last", () => {
    const elk = toElk(GRAPH);
    expect(elk.children?.map((child) => child.id)).toEqual([INPUTS_NODE, "prep", "llm", OUTPUTS_NODE]);
    expect(elk.children?.[0]?.layoutOptions?.["elk.layered.layering.layerConstraint"]).toBe("FIRST_SEPARATE");
    expect(elk.children?.[3]?.layoutOptions?.["elk.layered.layering.layerConstraint"]).toBe("LAST_SEPARATE");
  });

  it("bounds the size of long input lists", () => {
    expect(ioSize(100)).toEqual(ioSize(7));
    expect(ioSize(0)).toEqual(ioSize(1));
  });
});

describe("positionsOf", () => {
  it("reads positions, 0 where ELK gave none", () => {
    const positions = positionsOf({ id: "flow", children: [{ id: "a", x: 3, y: 4 }, { id: "b" }] });
    expect(positions.get("a")).toEqual({ x: 3, y: 4 });
    expect(positions.get("b")).toEqual({ x: 0, y: 0 });
  });
});

describe("shapeOf", () => {
  it("changes with nodes and edges, not with what a node holds", () => {
    const renamedModel = { ...GRAPH, nodes: GRAPH.nodes.map((node) => ({ ...node, model: "other" })) };
    expect(shapeOf(renamedModel)).toBe(shapeOf(GRAPH));
    expect(shapeOf({ ...GRAPH, edges: [] })).not.toBe(shapeOf(GRAPH));
  });
});
