import type { ElkNode } from "elkjs/lib/elk-api";
import type { FlowGraph } from "../model";

/** The names of the graph's first and last node, as the API's edges use them. */
export const INPUTS_NODE = "inputs";
export const OUTPUTS_NODE = "outputs";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const NODE_SIZE: Size = { width: 248, height: 92 };
const ROW_HEIGHT = 22;
const MOST_ROWS = 6;

/** The size of the inputs or outputs node, which lists its fields. */
export function ioSize(fields: number): Size {
  return { width: 220, height: 38 + Math.max(1, Math.min(fields, MOST_ROWS + 1)) * ROW_HEIGHT };
}

/** How many fields the inputs or outputs node lists before it says how many more there are. */
export function shownFields(fields: number): number {
  return fields > MOST_ROWS + 1 ? MOST_ROWS : fields;
}

/** The edges one would draw: one for each pair of nodes, with all its labels. */
export interface DrawnEdge {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly labels: readonly string[];
}

export function drawnEdges(graph: FlowGraph): readonly DrawnEdge[] {
  const known = new Set([INPUTS_NODE, OUTPUTS_NODE, ...graph.nodes.map((node) => node.name)]);
  const pairs = new Map<string, { source: string; target: string; labels: string[] }>();
  for (const edge of graph.edges) {
    if (!known.has(edge.source) || !known.has(edge.target) || edge.source === edge.target) continue;
    const id = JSON.stringify([edge.source, edge.target]);
    const pair = pairs.get(id) ?? { source: edge.source, target: edge.target, labels: [] };
    if (!pair.labels.includes(edge.label)) pair.labels.push(edge.label);
    pairs.set(id, pair);
  }
  return [...pairs].map(([id, pair]) => ({ id, ...pair }));
}

const OPTIONS: Readonly<Record<string, string>> = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.layered.spacing.nodeNodeBetweenLayers": "40",
  "elk.spacing.nodeNode": "40",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
  "elk.separateConnectedComponents": "false",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "12",
};

function constraint(name: string): Readonly<Record<string, string>> {
  if (name === INPUTS_NODE) return { "elk.layered.layering.layerConstraint": "FIRST_SEPARATE" };
  return name === OUTPUTS_NODE ? { "elk.layered.layering.layerConstraint": "LAST_SEPARATE" } : {};
}

/** The graph as ELK lays it out: inputs first, outputs last, nodes in the order of the file between. */
export function toElk(graph: FlowGraph): ElkNode {
  const edges = drawnEdges(graph);
  const sizes: [string, Size][] = [
    [INPUTS_NODE, ioSize(graph.inputs.length)],
    ...graph.nodes.map((node): [string, Size] => [node.name, NODE_SIZE]),
    [OUTPUTS_NODE, ioSize(graph.outputs.length)],
  ];
  return {
    id: "flow",
    layoutOptions: OPTIONS,
    children: sizes.map(([name, size]) => ({ id: name, ...size, layoutOptions: constraint(name) })),
    edges: edges.map((edge) => ({ id: edge.id, sources: [edge.source], targets: [edge.target] })),
  };
}

/** Where the nodes are and which way the edges go. */
export interface Layout {
  readonly positions: ReadonlyMap<string, Point>;
  readonly routes: ReadonlyMap<string, readonly Point[]>;
}

/** The layout in ELK's answer. */
export function layoutOf(laidOut: ElkNode): Layout {
  const positions = new Map((laidOut.children ?? []).map((child) => [child.id, { x: child.x ?? 0, y: child.y ?? 0 }]));
  const routes = new Map(
    (laidOut.edges ?? []).map((edge) => [
      edge.id,
      (edge.sections ?? []).flatMap((section) => [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]),
    ]),
  );
  return { positions, routes };
}

const CORNER = 8;

function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : distance / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

/** The points as an SVG path with rounded corners. */
export function roundedPath(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const parts = [`M ${first.x} ${first.y}`];
  rest.forEach((point, index) => {
    const before = points[index] ?? first;
    const after = rest[index + 1];
    if (!after) {
      parts.push(`L ${point.x} ${point.y}`);
      return;
    }
    const room = Math.min(CORNER, Math.hypot(point.x - before.x, point.y - before.y) / 2, Math.hypot(after.x - point.x, after.y - point.y) / 2);
    const start = towards(point, before, room);
    const end = towards(point, after, room);
    parts.push(`L ${start.x} ${start.y}`, `Q ${point.x} ${point.y} ${end.x} ${end.y}`);
  });
  return parts.join(" ");
}

/** What decides a layout: two graphs with the same shape need only one. */
export function shapeOf(graph: FlowGraph): string {
  return JSON.stringify([graph.inputs.length, graph.outputs.length, graph.nodes.map((node) => node.name), drawnEdges(graph).map((edge) => edge.id)]);
}
