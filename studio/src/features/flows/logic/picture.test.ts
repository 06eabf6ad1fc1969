import { describe, expect, it } from "vitest";
import { pictureOf } from "./picture";

const node = (name: string) => ({ name, kind: "python" as const });
const edge = (source: string, target: string) => ({ source, target, label: "x" });

describe("the picture of a flow", () => {
  it("has each node below what feeds it, and leaves inputs and outputs out", () => {
    const picture = pictureOf({ nodes: ["a", "b", "c"].map(node), edges: [edge("inputs", "a"), edge("a", "c"), edge("b", "c"), edge("c", "outputs")] });
    const [a, b, c] = picture.nodes;
    expect(a?.y).toBe(b?.y);
    expect(c?.y).toBeGreaterThan(a?.y ?? 0);
    expect(picture.edges.map(({ from, to }) => from.name + to.name)).toEqual(["ac", "bc"]);
  });

  it("ends for circles and for no nodes", () => {
    expect(pictureOf({ nodes: ["a", "b"].map(node), edges: [edge("a", "b"), edge("b", "a")] }).nodes.length).toBe(2);
    expect(pictureOf({ nodes: [], edges: [] })).toMatchObject({ nodes: [], edges: [] });
  });
});
