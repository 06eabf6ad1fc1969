import { type Edge, Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo, useMemo } from "react";
import { formatDuration, formatNumber } from "@/lib/format";
import { ReadGraph, READ_EDGE } from "@/ui/graph/ReadGraph";
import { type GraphNode, nextSpan, NODE, placesOf, spanGraph } from "../logic/spanGraph";
import type { SpanNode } from "../logic/spanTree";
import { SPAN_KINDS } from "./spanKinds";
import classes from "./TraceGraph.module.css";

interface CardData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly place: number;
}
type CardNode = Node<CardData, "spans">;

function CardPlain({ data: { node, place } }: NodeProps<CardNode>) {
  const look = SPAN_KINDS[node.kind];
  const times = formatNumber(node.spans.length);
  return (
    <div className={classes.node} style={NODE} data-on={place >= 0 ? true : undefined} title={node.name}>
      <Handle type="target" position={Position.Left} className={classes.handle ?? ""} isConnectable={false} />
      <look.icon size={17} stroke={1.75} style={{ color: look.color, flex: "none" }} aria-hidden />
      <div className={classes.words}>
        <div className={`${classes.name ?? ""} fy-truncate`}>{node.name}</div>
        <div className={`${classes.facts ?? ""} fy-truncate fy-num`}>
          {formatDuration(node.duration)}
          {node.tokens > 0 && ` · ${formatNumber(node.tokens)} tokens`}
          {node.errors > 0 && <span className={classes.bad}>{` · ${formatNumber(node.errors)} failed`}</span>}
        </div>
      </div>
      {node.spans.length > 1 && <span className={`${classes.times ?? ""} fy-num`}>{place >= 0 ? `${formatNumber(place + 1)} of ${times}` : `×${times}`}</span>}
      <Handle type="source" position={Position.Right} className={classes.handle ?? ""} isConnectable={false} />
    </div>
  );
}

const NODE_TYPES = { spans: memo(CardPlain) };

interface TraceGraphProps {
  readonly forest: readonly SpanNode[];
  readonly selected: string | null;
  readonly onSelect: (spanId: string) => void;
}

/** What called what in a trace, each agent, tool and model once. A click or Enter shows its first span, then the next. */
export default function TraceGraph({ forest, selected, onSelect }: TraceGraphProps) {
  const graph = useMemo(() => spanGraph(forest), [forest]);
  const places = useMemo(() => placesOf(graph), [graph]);
  const nodes = useMemo(
    () =>
      graph.nodes.map(
        (node): CardNode => ({
          id: node.id,
          type: "spans",
          position: places.get(node.id) ?? { x: 0, y: 0 },
          ...NODE,
          measured: NODE,
          data: { node, place: node.spans.findIndex((span) => span.span_id === selected) },
          ariaLabel: `${SPAN_KINDS[node.kind].label} ${node.name}, ${formatNumber(node.spans.length)} ${node.spans.length === 1 ? "span" : "spans"}`,
        }),
      ),
    [graph, places, selected],
  );
  const edges = useMemo(
    () =>
      graph.edges.map(
        ({ source, target, calls }): Edge => ({
          id: JSON.stringify([source, target]),
          source,
          target,
          ...(calls > 1 ? { label: `×${formatNumber(calls)}` } : {}),
          ...READ_EDGE,
          ariaLabel: `${source} called ${target}`,
        }),
      ),
    [graph],
  );
  const show = (id: string): void => {
    const node = graph.nodes.find((each) => each.id === id);
    const span = node && nextSpan(node, selected);
    if (span) onSelect(span.span_id);
  };
  return (
    <div className={classes.canvas} role="group" aria-label="The trace as a graph">
      <ReadGraph nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} onOpen={show} />
    </div>
  );
}
