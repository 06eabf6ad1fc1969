import type { FlowGraph, GraphNode } from "../model";

/** A node in a small drawing: its place in layers from the top, and among those of its layer. */
export interface PictureNode {
  readonly name: string;
  readonly kind: GraphNode["kind"];
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly { readonly from: PictureNode; readonly to: PictureNode }[];
}

export const BOX = { width: 34, height: 14 } as const;
const GAP = { x: 12, y: 12 } as const;

/** The layer of each node: one below the lowest that feeds it. A circle is cut where it is met again. */
function layersOf(names: readonly string[], feeds: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const layerOf = (name: string, above: ReadonlySet<string>): number => {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const sources = (feeds.get(name) ?? []).filter((source) => !above.has(source));
    const layer = Math.max(-1, ...sources.map((source) => layerOf(source, new Set([...above, name])))) + 1;
    layers.set(name, layer);
    return layer;
  };
  for (const name of names) layerOf(name, new Set([name]));
  return layers;
}

/** A flow's nodes and edges as a small drawing, without inputs and outputs. */
export function pictureOf({ nodes, edges }: Pick<FlowGraph, "nodes" | "edges">): Picture {
  const names = nodes.map((node) => node.name);
  const pairs = edges.filter((edge) => names.includes(edge.source) && names.includes(edge.target));
  const feeds = new Map(names.map((name) => [name, pairs.filter((edge) => edge.target === name).map((edge) => edge.source)]));
  const layers = layersOf(names, feeds);
  const rows = [...new Set(layers.values())].sort((left, right) => left - right).map((layer) => nodes.filter((node) => layers.get(node.name) === layer));
  const widest = Math.max(1, ...rows.map((row) => row.length));
  const width = widest * (BOX.width + GAP.x) - GAP.x;
  const placed = new Map(
    rows.flatMap((row, y) => {
      const left = (width - (row.length * (BOX.width + GAP.x) - GAP.x)) / 2;
      return row.map((node, x) => [node.name, { name: node.name, kind: node.kind, x: left + x * (BOX.width + GAP.x), y: y * (BOX.height + GAP.y) }] as const);
    }),
  );
  return {
    width,
    height: Math.max(1, rows.length) * (BOX.height + GAP.y) - GAP.y,
    nodes: [...placed.values()],
    edges: pairs.flatMap(({ source, target }) => {
      const from = placed.get(source);
      const to = placed.get(target);
      return from && to ? [{ from, to }] : [];
    }),
  };
}
