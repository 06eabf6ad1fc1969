import { NODE_KINDS } from "@/ui/nodeKinds";
import { BOX, pictureOf } from "../logic/picture";
import type { FlowGraph } from "../model";
import classes from "./NewFlowDialog.module.css";

interface FlowPictureProps {
  readonly graph: Pick<FlowGraph, "nodes" | "edges">;
}

const EDGE = 3;
/** Pixels for a unit of the drawing, where there is room. */
const SCALE = 1.3;

/** A flow as a small drawing: boxes in the colours of their kinds, from the top down. A flow without a graph is one box. */
export function FlowPicture({ graph }: FlowPictureProps) {
  const { width, height, nodes, edges } = pictureOf(graph);
  const size = { width: Math.max(width, BOX.width) + 2 * EDGE, height: Math.max(height, BOX.height) + 2 * EDGE };
  return (
    <svg className={classes.picture} viewBox={`-${EDGE} -${EDGE} ${size.width} ${size.height}`} width={size.width * SCALE} height={size.height * SCALE} role="presentation" aria-hidden>
      {edges.map(({ from, to }) => (
        <line
          key={`${from.name} ${to.name}`}
          x1={from.x + BOX.width / 2}
          y1={from.y + BOX.height}
          x2={to.x + BOX.width / 2}
          y2={to.y}
          stroke="var(--mantine-color-dimmed)"
          strokeWidth={1}
        />
      ))}
      {nodes.map((node) => (
        <rect key={node.name} x={node.x} y={node.y} width={BOX.width} height={BOX.height} rx={3} fill="var(--fy-surface)" stroke={NODE_KINDS[node.kind].color} strokeWidth={1.5} />
      ))}
      {nodes.length === 0 && <rect x={0} y={0} width={BOX.width} height={BOX.height} rx={3} fill="var(--fy-surface)" stroke={NODE_KINDS.python.color} strokeWidth={1.5} />}
    </svg>
  );
}
