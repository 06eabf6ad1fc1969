import { useMemo } from "react";
import { graphOf } from "../logic/document/graph";
import { withVariant } from "../logic/edits/variants";
import type { FlowGraph, GraphNode } from "../model";
import { useFlow } from "./useFlowDocument";

/** The flow's graph with a variant as the node, and that node; null where the variant is not there. */
export function useVariantGraph(graph: FlowGraph, name: string, id: string): { readonly graph: FlowGraph; readonly node: GraphNode } | null {
  const { yaml, text, main } = useFlow();
  const written = main === null ? null : text(main);
  return useMemo(() => {
    const before = graph.nodes.find((each) => each.name === name);
    if (!yaml || written === null || !before?.variants?.includes(id)) return null;
    const live = graphOf(withVariant(yaml, name, id), written, graph.findings);
    const found = live.nodes.find((each) => each.name === name);
    if (!found) return null;
    const node: GraphNode = { ...found, line: before.line ?? null, variant: id, variants: before.variants };
    return { graph: { ...live, nodes: live.nodes.map((each) => (each === found ? node : each)) }, node };
  }, [yaml, written, graph, name, id]);
}
