import { useNavigate } from "@tanstack/react-router";
import { type Edge, Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, useMemo } from "react";
import type { LineageGraph, LineageNode } from "@/api/types";
import { formatNumber } from "@/lib/format";
import { ReadGraph, READ_EDGE } from "@/ui/graph/ReadGraph";
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
        ...READ_EDGE,
        ariaLabel: `${edge.target} was made of ${edge.source}: ${ACTIVITIES[edge.activity]}`,
      })),
    [graph],
  );
  const open = (id: string): void => {
    const node = graph.nodes.find((each) => each.id === id);
    const target = node && lineageTarget(node, workspace);
    if (target) void navigate(target as { to: "/" });
  };
  return (
    <div className={classes.canvas} role="group" aria-label="Lineage as a graph">
      <ReadGraph key={`${graph.root} ${graph.nodes.length}`} nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} onOpen={open} />
    </div>
  );
}
