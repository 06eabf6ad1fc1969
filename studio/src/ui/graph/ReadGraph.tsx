import { useComputedColorScheme } from "@mantine/core";
import { Background, BackgroundVariant, Controls, type Edge, MarkerType, type Node, type NodeTypes, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";

/** How an edge looks and behaves in a graph that is only read. */
export const READ_EDGE = {
  focusable: false,
  selectable: false,
  markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
  labelStyle: { fontSize: 11, fill: "var(--mantine-color-dimmed)" },
  labelBgStyle: { fill: "var(--fy-canvas)" },
} as const satisfies Partial<Edge>;

interface ReadGraphProps<N extends Node> {
  readonly nodes: N[];
  readonly edges: Edge[];
  readonly nodeTypes: NodeTypes;
  /** A node was clicked, or Enter was pressed on it. */
  readonly onOpen: (id: string) => void;
}

/** A graph that is looked at, not edited: moved, zoomed, walked through with Tab, and its nodes opened. Import it lazily. */
export function ReadGraph<N extends Node>({ nodes, edges, nodeTypes, onOpen }: ReadGraphProps<N>) {
  const scheme = useComputedColorScheme("light");
  return (
    <ReactFlow<N>
      nodes={nodes}
      edges={edges}
      nodeTypes={nodeTypes}
      colorMode={scheme}
      onNodeClick={(_event, { id }) => { onOpen(id); }}
      nodesDraggable={false}
      nodesConnectable={false}
      deleteKeyCode={null}
      fitView
      fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
      minZoom={0.1}
      maxZoom={1.6}
      onlyRenderVisibleElements={nodes.length > 100}
      onKeyDown={(event) => {
        const id = event.key === "Enter" ? (event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id : undefined;
        if (id !== undefined) onOpen(id);
      }}
    >
      <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
      <Controls showInteractive={false} position="bottom-left" />
    </ReactFlow>
  );
}
