import type { FlowGraph, GraphNode } from "../model";

/** The nodes so that each comes after those that feed it, otherwise as in the file. Nodes of a ring come last. */
export function inOrder(graph: FlowGraph): readonly GraphNode[] {
  const names = new Set(graph.nodes.map((node) => node.name));
  const needs = new Map(graph.nodes.map((node) => [node.name, new Set<string>()]));
  for (const edge of graph.edges) if (names.has(edge.source) && edge.source !== edge.target) needs.get(edge.target)?.add(edge.source);
  const done = new Set<string>();
  const ordered: GraphNode[] = [];
  let waiting: readonly GraphNode[] = graph.nodes;
  while (waiting.length > 0) {
    const next = waiting.find((node) => [...(needs.get(node.name) ?? [])].every((need) => done.has(need)));
    if (!next) return [...ordered, ...waiting];
    ordered.push(next);
    done.add(next.name);
    waiting = waiting.filter((node) => node !== next);
  }
  return ordered;
}
