import type { Span, SpanKind } from "../model";
import type { SpanNode } from "./spanTree";

/** All spans of one kind and name: what an agent, a tool or a model did in a trace. */
export interface GraphNode {
  readonly id: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly spans: readonly Span[];
  readonly errors: number;
  /** How long they took together, milliseconds; a span that ran within another one of its name does not count again. */
  readonly duration: number;
  readonly tokens: number;
  /** How many others stand above it, at the most: what it is called by stands before it, unless they call each other. */
  readonly depth: number;
}

/** That spans of one node stood right below spans of another, so many times. */
export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  readonly calls: number;
}

export interface SpanGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

type Gathered = { -readonly [Key in keyof GraphNode]: GraphNode[Key] } & { spans: Span[] };

const idOf = (span: Span): string => `${span.kind} ${span.name}`;

/** The nodes above a span, each once. */
interface Path {
  readonly id: string;
  readonly above: Path | null;
  readonly length: number;
}

function isOn(path: Path | null, id: string): boolean {
  for (let at = path; at !== null; at = at.above) if (at.id === id) return true;
  return false;
}

/** The spans of a forest by kind and name, and which called which. In steps, not by recursion: chains may be deep. */
export function spanGraph(forest: readonly SpanNode[]): SpanGraph {
  const nodes = new Map<string, Gathered>();
  const edges = new Map<string, { source: string; target: string; calls: number }>();
  const waiting: { readonly node: SpanNode; readonly source: string | null; readonly above: Path | null }[] = forest.map((node) => ({ node, source: null, above: null }));
  for (const { node, source, above } of waiting) {
    const { span } = node;
    const id = idOf(span);
    const known = nodes.get(id) ?? { id, name: span.name, kind: span.kind, spans: [], errors: 0, duration: 0, tokens: 0, depth: 0 };
    const within = isOn(above, id);
    nodes.set(id, known);
    known.spans.push(span);
    known.errors += span.status === "error" ? 1 : 0;
    known.duration += within ? 0 : span.duration_ms;
    known.tokens += (span.prompt_tokens ?? 0) + (span.completion_tokens ?? 0);
    if (!within) known.depth = Math.max(known.depth, above?.length ?? 0);
    if (source !== null) {
      const key = JSON.stringify([source, id]);
      const edge = edges.get(key) ?? { source, target: id, calls: 0 };
      edge.calls += 1;
      edges.set(key, edge);
    }
    const path = within ? above : { id, above, length: (above?.length ?? 0) + 1 };
    for (const child of node.children) waiting.push({ node: child, source: id, above: path });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

export const NODE = { width: 224, height: 62 } as const;
const [COLUMN, ROW] = [NODE.width + 88, NODE.height + 22];

/** Where the nodes stand: a column for each depth, in the order in which they began, each column around the middle. */
export function placesOf({ nodes }: SpanGraph): ReadonlyMap<string, { readonly x: number; readonly y: number }> {
  const columns = new Map<number, GraphNode[]>();
  for (const node of nodes) columns.set(node.depth, [...(columns.get(node.depth) ?? []), node]);
  const places = new Map<string, { x: number; y: number }>();
  for (const [depth, column] of columns) {
    const ordered = [...column].sort((one, other) => (one.spans[0]?.start_offset_ms ?? 0) - (other.spans[0]?.start_offset_ms ?? 0));
    ordered.forEach((node, row) => places.set(node.id, { x: depth * COLUMN, y: (row - (ordered.length - 1) / 2) * ROW }));
  }
  return places;
}

/** The span that a click on a node shows: its first one, then the next. */
export function nextSpan(node: GraphNode, selected: string | null): Span | undefined {
  return node.spans[(node.spans.findIndex((span) => span.span_id === selected) + 1) % node.spans.length];
}
