import { useComputedColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { Background, BackgroundVariant, Controls, type Edge, Handle, MarkerType, type Node, type NodeProps, Position, ReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { memo, useMemo } from "react";
import type { LineageGraph, LineageNode } from "@/api/types";
import { formatNumber } from "@/lib/format";
import classes from "./Lineage.module.css";
import { ACTIVITIES, LINEAGE_KINDS, LINEAGE_SIZE, lineageTarget, placeNodes } from "./shape";

interface CardData extends Record<string, unknown> {
  readonly node: LineageNode;
  readonly root: boolean;
}
type CardNode = Node<CardData, "thing">;

function moreWords({ more_up: up = 0, more_down: down = 0 }: LineageNode): string {
  return up + down === 0 ? "" : ` · ${formatNumber(up + down)} more`;
}

function CardPlain({ data: { node, root } }: NodeProps<CardNode>) {
  const kind = LINEAGE_KINDS[node.kind];
  return (
    <div className={classes.node} style={LINEAGE_SIZE} data-root={root || undefined} title={node.id}>
      <Handle type="target" position={Position.Left} className={classes.handle ?? ""} isConnectable={false} />
      <kind.icon size={17} stroke={1.6} aria-hidden />
      <div className={classes.words}>
        <div className={`${classes.name} fy-truncate`}>{node.name}</div>
        <div className={classes.kind}>
          {kind.label}
          {node.version && ` ${node.version}`}
          {moreWords(node)}
        </div>
      </div>
      <Handle type="source" position={Position.Right} className={classes.handle ?? ""} isConnectable={false} />
    </div>
  );
}

const NODE_TYPES = { thing: memo(CardPlain) };

/** Lineage as a graph: what a thing was made of on the left, what was made of it on the right. A click or Enter opens a thing. */
export default function LineageCanvas({ graph, workspace }: { readonly graph: LineageGraph; readonly workspace: string }) {
  const scheme = useComputedColorScheme("light");
  const navigate = useNavigate();
  const nodes = useMemo((): CardNode[] => {
    const places = placeNodes(graph);
    return graph.nodes.map((node) => ({
      id: node.id,
      type: "thing",
      position: places.get(node.id) ?? { x: 0, y: 0 },
      ...LINEAGE_SIZE,
      measured: LINEAGE_SIZE,
      data: { node, root: node.id === graph.root },
      ariaLabel: `${LINEAGE_KINDS[node.kind].label} ${node.name} ${node.version}`,
    }));
  }, [graph]);
  const edges = useMemo(
    (): Edge[] =>
      graph.edges.map((edge, index) => ({
        id: `${index}`,
        source: edge.source,
        target: edge.target,
        label: ACTIVITIES[edge.activity],
        focusable: false,
        selectable: false,
        markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
        labelStyle: { fontSize: 11, fill: "var(--mantine-color-dimmed)" },
        labelBgStyle: { fill: "var(--fy-canvas)" },
        ariaLabel: `${edge.target} was made of ${edge.source}: ${ACTIVITIES[edge.activity]}`,
      })),
    [graph],
  );
  const open = (node: LineageNode) => {
    const target = lineageTarget(node, workspace);
    if (target) void navigate(target as { to: "/" });
  };
  return (
    <div className={classes.canvas} role="group" aria-label="Lineage as a graph">
      <ReactFlow<CardNode>
        key={`${graph.root} ${graph.nodes.length}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        onNodeClick={(_event, node) => open(node.data.node)}
        nodesDraggable={false}
        nodesConnectable={false}
        deleteKeyCode={null}
        fitView
        fitViewOptions={{ padding: 0.12, maxZoom: 1 }}
        minZoom={0.1}
        maxZoom={1.6}
        onlyRenderVisibleElements={nodes.length > 100}
        onKeyDown={(event) => {
          const id = (event.target as HTMLElement).closest<HTMLElement>("[data-id]")?.dataset.id;
          const found = event.key === "Enter" ? graph.nodes.find((node) => node.id === id) : undefined;
          if (found) open(found);
        }}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <Controls showInteractive={false} position="bottom-left" />
      </ReactFlow>
    </div>
  );
}
