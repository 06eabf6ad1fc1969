import { describe, expect, it } from "vitest";
import type { FlowGraph } from "../model";
import { drawnEdges, INPUTS_NODE, ioSize, OUTPUTS_NODE, layoutOf, roundedPath, shapeOf, toElk } from "./layout";

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

describe("layoutOf", () => {
  it("reads positions, 0 where ELK gave none, and the edges' ways", () => {
    const section = { id: "s", startPoint: { x: 0, y: 0 }, bendPoints: [{ x: 0, y: 5 }], endPoint: { x: 9, y: 5 } };
    const layout = layoutOf({
      id: "flow",
      children: [{ id: "a", x: 3, y: 4 }, { id: "b" }],
      edges: [{ id: "e", sources: ["a"], targets: ["b"], sections: [section] }],
    });
    expect(layout.positions.get("a")).toEqual({ x: 3, y: 4 });
    expect(layout.positions.get("b")).toEqual({ x: 0, y: 0 });
    expect(layout.routes.get("e")).toEqual([
      { x: 0, y: 0 },
      { x: 0, y: 5 },
      { x: 9, y: 5 },
    ]);
  });
});

describe("roundedPath", () => {
  it("rounds corners and keeps both ends", () => {
    expect(roundedPath([])).toBe("");
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 100 },
      ]),
    ).toBe("M 0 0 L 0 100");
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 50 },
        { x: 80, y: 50 },
      ]),
    ).toBe("M 0 0 L 0 42 Q 0 50 8 50 L 80 50");
  });

  it("rounds less where there is no room", () => {
    expect(
      roundedPath([
        { x: 0, y: 0 },
        { x: 0, y: 4 },
        { x: 80, y: 4 },
      ]),
    ).toBe("M 0 0 L 0 2 Q 0 4 2 4 L 80 4");
  });
});

describe("shapeOf", () => {
  it("changes with nodes and edges, not with what a node holds", () => {
    const renamedModel = { ...GRAPH, nodes: GRAPH.nodes.map((node) => ({ ...node, model: "other" })) };
    expect(shapeOf(renamedModel)).toBe(shapeOf(GRAPH));
    expect(shapeOf({ ...GRAPH, edges: [] })).not.toBe(shapeOf(GRAPH));
  });
});
