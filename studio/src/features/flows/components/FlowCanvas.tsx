import { Center, Text, useComputedColorScheme } from "@mantine/core";
import {
  Background,
  BackgroundVariant,
  Controls,
  MarkerType,
  MiniMap,
  ReactFlow,
  type NodeMouseHandler,
  type ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useCallback, useEffect, useMemo, useRef } from "react";

import { useTestRun } from "../hooks/useFlowRun";
import { useFlowLayout } from "../hooks/useFlowLayout";
import { referencesOf } from "../logic/outputs";
import { drawnEdges, INPUTS_NODE, ioSize, type Layout, NODE_SIZE, OUTPUTS_NODE, type Size } from "../logic/layout";
import { streamedBy, type TestRun } from "../logic/testRun";
import type { FlowGraph, GraphNode, NodeStatus } from "../model";
import classes from "./Graph.module.css";
import { NODE_TYPES, type FlowNode } from "./GraphNodes";
import { NODE_KINDS } from "@/ui/nodeKinds";
import { EDGE_TYPES, type RoutedEdgeKind } from "./RoutedEdge";

export interface FlowCanvasProps {
  readonly graph: FlowGraph;
  readonly selected: string | null;
  readonly onSelect: (node: string | null) => void;
  /** Called when one node was drawn to another; without it nothing can be connected. */
  readonly onConnect?: ((source: string, target: string) => void) | undefined;
}

const FIT = { padding: 0.07, maxZoom: 1, duration: 0 } as const;

function counts(graph: FlowGraph, node: GraphNode): { readonly errors: number; readonly warnings: number } {
  const found = graph.findings.filter((finding) => finding.node === node.name);
  const errors = found.filter((finding) => finding.severity === "error").length;
  return { errors, warnings: found.length - errors };
}

/** A size that is known beforehand: nodes are never measured, and the overview can draw them at once. */
function sized(size: Size) {
  return { ...size, measured: { ...size } };
}

function statusIn(run: TestRun, name: string): NodeStatus | null {
  if (run.phase === "running" && run.traceId === null && run.chosen.includes(name)) return "pending";
  return run.nodes[name]?.status ?? (run.phase === "running" && run.chosen.includes(name) ? "pending" : null);
}

interface Runs {
  readonly run: TestRun;
  readonly stale: ReadonlySet<string>;
}

function stepNodes(graph: FlowGraph, { run, stale }: Runs, layout: Layout, selected: string | null): FlowNode[] {
  const references = referencesOf(graph);
  return graph.nodes.map((node) => {
    const result = run.nodes[node.name] ?? null;
    const status = statusIn(run, node.name);
    return {
      id: node.name,
      type: "step",
      position: layout.positions.get(node.name) ?? { x: 0, y: 0 },
      ...sized(NODE_SIZE),
      data: { node, result, status, streamed: streamedBy(run, node.name, references), isStale: stale.has(node.name), ...counts(graph, node) },
      selected: selected === node.name,
      ariaLabel: `${NODE_KINDS[node.kind].label} node ${node.name}`,
    };
  });
}

function ioNodes(graph: FlowGraph, layout: Layout, selected: string | null): FlowNode[] {
  const ends = [
    { id: INPUTS_NODE, title: "Inputs", fields: graph.inputs, end: "first" as const },
    { id: OUTPUTS_NODE, title: "Outputs", fields: graph.outputs, end: "last" as const },
  ];
  return ends.map(({ id, title, fields, end }) => ({
    id,
    type: "io",
    position: layout.positions.get(id) ?? { x: 0, y: 0 },
    ...sized(ioSize(fields.length)),
    data: { title, fields, end },
    selected: selected === id,
    ariaLabel: `Flow ${title.toLowerCase()}`,
  }));
}

function flowEdges(graph: FlowGraph, run: TestRun, layout: Layout): RoutedEdgeKind[] {
  return drawnEdges(graph).map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    type: "routed",
    data: { points: layout.routes.get(edge.id) ?? [] },
    animated: run.nodes[edge.target]?.status === "running",
    focusable: false,
    selectable: false,
    markerEnd: { type: MarkerType.ArrowClosed, width: 14, height: 14 },
    ariaLabel: `${edge.source} feeds ${edge.target}: ${edge.labels.join(", ")}`,
  }));
}

function miniMapColor(node: FlowNode): string {
  return node.type === "step" ? NODE_KINDS[node.data.node.kind].color : "var(--mantine-color-dimmed)";
}

/** The flow as a graph: drawn by layers, live while a test runs. A click or Enter on a node selects it. */
export function FlowCanvas({ graph, selected, onSelect, onConnect }: FlowCanvasProps) {
  const scheme = useComputedColorScheme("light");
  const { run, stale } = useTestRun();
  const { layout, error } = useFlowLayout(graph);
  const instance = useRef<ReactFlowInstance<FlowNode, RoutedEdgeKind> | null>(null);
  const nodes = useMemo(
    () => (layout ? [...ioNodes(graph, layout, selected), ...stepNodes(graph, { run, stale }, layout, selected)] : []),
    [graph, run, stale, layout, selected],
  );
  const edges = useMemo(() => (layout ? flowEdges(graph, run, layout) : []), [graph, run, layout]);
  const select = useCallback<NodeMouseHandler<FlowNode>>(
    (_event, node) => {
      onSelect(node.id);
    },
    [onSelect],
  );

  const current = useRef({ selected, onSelect });
  useEffect(() => {
    current.current = { selected, onSelect };
  });
  // Always the same function: another one would be told the selection as it was, also while it is taken away.
  const followSelection = useCallback(({ nodes: chosen }: { readonly nodes: readonly FlowNode[] }) => {
    const only = chosen[0];
    if (only && only.id !== current.current.selected) current.current.onSelect(only.id);
  }, []);

  useEffect(() => {
    if (layout) requestAnimationFrame(() => void instance.current?.fitView(FIT));
  }, [layout]);

  if (error !== null)
    return (
      <Center className={classes.canvas}>
        <Text c="dimmed">The graph could not be laid out: {error}</Text>
      </Center>
    );
  if (!layout)
    return (
      <Center className={classes.canvas}>
        <Text size="sm" c="dimmed" role="status">
          Laying out the graph
        </Text>
      </Center>
    );
  return (
    <div className={classes.canvas}>
      <ReactFlow<FlowNode, RoutedEdgeKind>
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        onInit={(ready) => {
          instance.current = ready;
        }}
        onNodeClick={select}
        onPaneClick={() => {
          onSelect(null);
        }}
        onSelectionChange={followSelection}
        nodesDraggable={false}
        nodesConnectable={onConnect !== undefined}
        onConnect={({ source, target }) => onConnect?.(source, target)}
        deleteKeyCode={null}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
        maxZoom={2}
        onlyRenderVisibleElements={nodes.length > 100}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1} />
        <Controls showInteractive={false} position="bottom-left" />
        {graph.nodes.length > 8 && (
          <MiniMap<FlowNode> nodeColor={miniMapColor} pannable zoomable position="bottom-right" ariaLabel="Overview of the graph" />
        )}
      </ReactFlow>
    </div>
  );
}
