import type { GraphNode } from "../model";

function textsOf(node: GraphNode, text: (path: string) => string | null): readonly (string | null | undefined)[] {
  const inputs = Object.entries(node.inputs ?? {}).flatMap(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
  return [node.name, node.kind, node.tool, node.source, node.connection, node.model, ...(node.variants ?? []), ...inputs, node.source ? text(node.source) : null];
}

/**
 * The names of the nodes that have all words of a query, in any case: in their name, kind, tool, connection, model, variants, inputs, and
 * the path and text of their file. In the order that they are given in; none for a query without words.
 */
export function findNodes(nodes: readonly GraphNode[], text: (path: string) => string | null, query: string): readonly string[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return nodes.flatMap((node) => {
    const all = textsOf(node, text).filter(Boolean).join("\n").toLowerCase();
    return words.every((word) => all.includes(word)) ? [node.name] : [];
  });
}
